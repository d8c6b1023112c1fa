// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/leg_lanes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "core/lanes/lane_boundaries.hpp"

namespace seamark {
namespace {

using Entries = std::unordered_map<const Connection*, const CaptureEntry*>;
using Chosen = std::map<Leg, std::vector<BodyRange>>;

void unite(std::vector<BodyRange>& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](BodyRange a, BodyRange b) { return a.begin < b.begin; });
    std::vector<BodyRange> united;
    for (const BodyRange range : ranges) {
        if (!united.empty() && range.begin <= united.back().end) {
            united.back().end = std::max(united.back().end, range.end);
        } else if (!range.empty()) {
            united.push_back(range);
        }
    }
    ranges = std::move(united);
}

BodyLane lane_of(const Leg& leg, const Lane& of, const std::vector<BodyRange>& shown) {
    BodyLane lane;
    if (of.computed) return lane;
    std::size_t at = 0;
    for (std::size_t i = 0; i < of.pieces.size(); ++i) {
        const BodyRange all = leg.body()->map.in_body(of.pieces[i].range());
        if (all.empty()) continue;
        while (at < shown.size() && shown[at].end <= all.begin) ++at;
        if (at == shown.size()) break;
        const BodyRange range = intersect(all, shown[at]);
        if (!range.empty()) lane.push_back({range, i});
    }
    return lane;
}

/// Positions of the stream from the first to the last byte of each range of the body.
std::vector<ByteRange> stream_of(const Leg& leg, const std::vector<BodyRange>& shown) {
    std::vector<ByteRange> ranges;
    for (const BodyRange range : shown) {
        bool first = true;
        leg.body()->map.each_in_stream(range, [&](BodyRange, ByteRange where, std::uint32_t) {
            if (first) ranges.push_back(where);
            first = false;
            ranges.back().end = where.end;
        });
    }
    return ranges;
}

LegLanes leg_lanes(const Leg& leg, const CaptureEntry& entry, std::vector<BodyRange> shown) {
    LegLanes stacked(lanes_of_ranges(entry, leg.sender, stream_of(leg, shown)));
    stacked.shown = std::move(shown);
    for (const Lane& lane : stacked.lanes.lanes)
        stacked.body.push_back(lane_of(leg, lane, stacked.shown));
    stacked.exchange = leg.connection->exchange(leg.sender, leg.message);
    return stacked;
}

std::vector<BodyRange> shown_of(const Leg& leg, const Chosen& chosen) {
    const auto found = chosen.find(leg);
    if (found != chosen.end() && !found->second.empty()) return found->second;
    return {{BodyOffset{}, leg.body()->hash.end()}};
}

/// As far as both bodies are there; a piece is never longer than what was captured on one.
std::vector<BodyRange> shared(const LegPair& pair, const Chosen& chosen) {
    std::vector<BodyRange> ranges;
    for (const Leg* leg : {&pair.upstream, &pair.downstream})
        if (const auto found = chosen.find(*leg); found != chosen.end())
            ranges.insert(ranges.end(), found->second.begin(), found->second.end());
    const BodyOffset end =
        std::max(pair.upstream.body()->hash.end(), pair.downstream.body()->hash.end());
    for (BodyRange& range : ranges) range = intersect(range, {BodyOffset{}, end});
    unite(ranges);
    return ranges;
}

/// Joins a run to the one before it where the same two frames carried both.
void add_run(std::vector<MatchedRun>& runs, const MatchedRun& run) {
    if (!runs.empty()) {
        MatchedRun& last = runs.back();
        if (last.upstream.frame == run.upstream.frame &&
            last.downstream.frame == run.downstream.frame &&
            last.upstream.body.end == run.upstream.body.begin) {
            last.upstream.body.end = last.downstream.body.end = run.upstream.body.end;
            last.upstream.stream.end = run.upstream.stream.end;
            last.downstream.stream.end = run.downstream.stream.end;
            return;
        }
    }
    runs.push_back(run);
}

void note_held(StackedLegs& stack) {
    for (const BodyRange range : stack.upstream.shown)
        for (const MatchedRun& run : match(*stack.pair, range)) add_run(stack.runs, run);
    stack.clocks_differ = std::any_of(stack.runs.begin(), stack.runs.end(),
                                      [](const MatchedRun& run) { return run.held() < 0; });
    if (stack.clocks_differ) stack.runs.clear();
    for (std::size_t i = 0; i < stack.runs.size(); ++i)
        stack.held.push_back({stack.runs[i].upstream.body, i});
}

/// Which pairs the chosen lanes touch, and of each leg the chosen bytes.
std::vector<const LegPair*> chosen_pairs(const std::vector<Lanes>& all, const LegPairs* legs,
                                         Chosen& chosen) {
    std::vector<const LegPair*> pairs;
    if (legs == nullptr || legs->pairs().empty()) return pairs;
    std::set<const LegPair*> seen;
    for (const Lanes& lanes : all) {
        for (const LanePiece& lane_piece : lanes.pieces(LaneKind::kChunks)) {
            const auto& piece = lane_piece.as<ChunkPiece>();
            const Leg leg{&lanes.connection_of(piece), lanes.side, piece.message};
            for (const LegPair* pair : {legs->by_downstream(leg), legs->by_upstream(leg)}) {
                if (pair == nullptr) continue;
                if (const BodyRange body =
                        leg.body()->map.in_body(piece.inside() ? piece.plaintext : piece.range);
                    !body.empty())
                    chosen[leg].push_back(body);
                if (seen.insert(pair).second) pairs.push_back(pair);
            }
        }
    }
    for (auto& [leg, ranges] : chosen) unite(ranges);
    return pairs;
}

}  // namespace

std::optional<Hold> StackedLegs::held_of(BodyRange range) const {
    const auto first = std::partition_point(runs.begin(), runs.end(), [&](const MatchedRun& run) {
        return run.upstream.body.end <= range.begin;
    });
    const auto last = std::partition_point(first, runs.end(), [&](const MatchedRun& run) {
        return run.upstream.body.begin < range.end;
    });
    return hold({first, last});
}

std::vector<StackedLegs> stack_legs(const std::vector<CaptureEntry>& entries,
                                    const std::vector<Lanes>& chosen, const LegPairs* legs) {
    Chosen bytes;
    std::vector<StackedLegs> stacks;
    const auto pairs = chosen_pairs(chosen, legs, bytes);
    if (pairs.empty()) return stacks;
    Entries by_connection;
    for (const CaptureEntry& entry : entries) by_connection[entry.connection] = &entry;
    for (const LegPair* pair : pairs) {
        const auto up = by_connection.find(pair->upstream.connection);
        const auto down = by_connection.find(pair->downstream.connection);
        if (up == by_connection.end() || down == by_connection.end()) continue;
        const bool same = pair->match == BodyMatch::kSame;
        const auto both = same ? shared(*pair, bytes) : std::vector<BodyRange>{};
        if (same && both.empty()) continue;  // heads alone
        const auto of = [&](const Leg& leg) { return same ? both : shown_of(leg, bytes); };
        StackedLegs stack{pair,
                          leg_lanes(pair->upstream, *up->second, of(pair->upstream)),
                          leg_lanes(pair->downstream, *down->second, of(pair->downstream)),
                          {},
                          {},
                          false};
        if (same) note_held(stack);
        stacks.push_back(std::move(stack));
    }
    return stacks;
}

std::vector<BodyRow> body_rows(const std::vector<BodyRange>& shown,
                               const std::vector<const BodyLane*>& lanes) {
    std::vector<BodyRow> rows;
    std::vector<std::size_t> from(lanes.size(), 0);
    for (const BodyRange range : shown) {
        for (BodyOffset at = range.begin; at < range.end; at = rows.back().range.end) {
            BodyRow row{{at, range.end}, std::vector<std::size_t>(lanes.size())};
            for (std::size_t i = 0; i < lanes.size(); ++i)
                row.range.end =
                    std::min(row.range.end, next_boundary(*lanes[i], from[i], at, row.places[i]));
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace seamark
