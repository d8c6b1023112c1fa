// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy/leg_match.hpp"

#include <algorithm>

#include "core/stream/overlay.hpp"

namespace seamark {
namespace {

template <typename T>
void sort_once(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

void add_writes(const Leg& leg, ByteRange stream, std::uint32_t chunk, Counterpart& out) {
    const Overlay overlay(leg.stream());
    if (overlay.knows_writes(stream)) {
        overlay.each_write(stream, [&](std::uint64_t index) { out.writes.push_back(index); });
        return;
    }
    if (chunk == BodyMap::kNoChunk) return;
    const auto tag = overlay.writes(leg.response(), leg.body()->map.chunk(chunk)).range;
    if (tag) tag->each([&](std::uint64_t index) { out.writes.push_back(index); });
}

}  // namespace

void append_runs(const Leg& leg, BodyRange range, std::vector<LegRun>& out) {
    const Stream& stream = leg.stream();
    leg.body()->map.each_in_stream(range, [&](BodyRange body, ByteRange where, std::uint32_t) {
        stream.lane().runs().each(where, [&](const OwnedRun& run) {
            const BodyOffset begin = body.begin + (run.begin - where.begin);
            LegRun found{{begin, begin + run.length}, run.range(), run.frame, 0};
            if (!out.empty() && out.back().frame == run.frame) {
                found.time = out.back().time;
            } else {
                const auto time = Overlay(stream).time_of(run.frame);
                if (!time) return;  // the frame was dropped by a read filter
                found.time = *time;
            }
            out.push_back(found);
        });
    });
}

std::vector<MatchedRun> match(const LegPair& pair, BodyRange range) {
    std::vector<MatchedRun> matched;
    if (pair.match != BodyMatch::kSame) return matched;
    std::vector<LegRun> up;
    std::vector<LegRun> down;
    append_runs(pair.upstream, range, up);
    append_runs(pair.downstream, range, down);
    const auto clip = [](LegRun run, BodyRange to) {
        const StreamOffset begin = run.stream.begin + (to.begin - run.body.begin);
        run.stream = {begin, begin + to.length()};
        run.body = to;
        return run;
    };
    for (std::size_t u = 0, d = 0; u < up.size() && d < down.size();) {
        const BodyRange shared = intersect(up[u].body, down[d].body);
        if (!shared.empty()) matched.push_back({clip(up[u], shared), clip(down[d], shared)});
        if (up[u].body.end < down[d].body.end) {
            ++u;
        } else {
            ++d;
        }
    }
    return matched;
}

Counterpart counterpart(const Leg& leg, BodyRange range) {
    Counterpart found;
    const Stream& stream = leg.stream();
    leg.body()->map.each_in_stream(range, [&](BodyRange, ByteRange where, std::uint32_t chunk) {
        if (chunk != BodyMap::kNoChunk) found.chunks.push_back(chunk + 1);
        add_writes(leg, where, chunk, found);
        stream.each_carried_until(where, [&](ByteRange carried) {
            stream.carrying().lane().runs().each(carried, [&](const OwnedRun& run) {
                if (run.frame != FrameNumber::kNone) found.frames.push_back(run.frame);
            });
            return true;
        });
    });
    sort_once(found.writes);
    sort_once(found.frames);
    return found;
}

std::optional<Hold> hold(const std::vector<MatchedRun>& runs) {
    std::optional<Hold> result;
    for (const MatchedRun& run : runs) {
        if (run.held() < 0) return std::nullopt;
        if (!result) result = Hold{run.held(), run.held(), 0};
        result->longest = std::max(result->longest, run.held());
        result->shortest = std::min(result->shortest, run.held());
        result->bytes += run.upstream.body.length();
    }
    return result;
}

bool agrees(const LegPair& pair, BodyRange range) {
    if (pair.match != BodyMatch::kSame) return false;
    return pair.upstream.body()->hash.compare(pair.downstream.body()->hash, range).different == 0;
}

}  // namespace seamark
