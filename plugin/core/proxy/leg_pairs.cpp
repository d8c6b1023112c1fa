// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/proxy/leg_pairs.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "core/proxy/leg_match.hpp"
#include "core/stream/overlay.hpp"

namespace seamark {

/// What a leg is judged by. Times are those of capture, ns since 1970.
struct LegPairs::Exchange {
    Leg leg;
    std::uint64_t key;       // of the request
    std::int64_t asked;      // first byte of the request's head
    std::int64_t asked_all;  // last byte of it
    std::int64_t answered;   // first byte of the response's head
    std::int64_t ended;      // the last byte captured of the response
    bool forwarded;          // its request says that a proxy passed it on

    const ConnectionEnds& ends() const { return leg.connection->ends(); }
    std::size_t server() const { return static_cast<std::size_t>(leg.sender); }
    std::size_t client() const { return static_cast<std::size_t>(other(leg.sender)); }
};

namespace {

/// A leg that overlaps more others in time than this is not distinguished from them.
constexpr std::size_t kMostAtOnce = 64;

std::int64_t last_time(const Leg& leg) {
    const WatchedBody* body = leg.body();
    std::int64_t last = 0;
    const Stream& stream = leg.stream();
    StreamOffset end = leg.response().head.end;
    if (body->hash.end() > BodyOffset{})
        body->map.each_in_stream(
            {body->hash.end() - 1, body->hash.end()},
            [&](BodyRange, ByteRange where, std::uint32_t) { end = where.end; });
    if (const auto arrival = Overlay(stream).arrival(end - 1)) last = arrival->time;
    return last;
}

BodyMatch compare(const Leg& downstream, const Leg& upstream, std::uint64_t& compared) {
    if (downstream.response().coding != upstream.response().coding) return BodyMatch::kCoding;
    const WatchedBody& down = *downstream.body();
    const WatchedBody& up = *upstream.body();
    const auto bytes = down.hash.compare(up.hash);
    compared = bytes.equal;
    const auto whole = up.map.length();
    const auto passed_on = down.map.length();
    const bool longer = whole && down.hash.end().value > *whole;
    if (bytes.different > 0 || longer || (whole && passed_on && *whole != *passed_on))
        return BodyMatch::kDiffer;
    return BodyMatch::kSame;
}

/// Did every byte that was captured on both legs come before it left?
bool in_order(const LegPair& pair) {
    for (const MatchedRun& run : match(pair, {BodyOffset{}, pair.downstream.body()->hash.end()}))
        if (run.held() < 0) return false;
    return true;
}

}  // namespace

std::string_view to_string(LegConfidence confidence) {
    return confidence == LegConfidence::kKnown ? "known" : "consistent";
}

namespace {

template <typename Exchange>
std::optional<Exchange> facts_of(const Leg& leg) {
    const auto request = leg.connection->request_of(leg.sender, leg.message);
    if (!request || leg.body() == nullptr) return std::nullopt;
    const Stream& asking = leg.connection->stream(other(leg.sender));
    const Message& m = asking.messages()[*request];
    const auto first = Overlay(asking).arrival(m.head.begin);
    const auto last = Overlay(asking).arrival(m.head.end - 1);
    const auto answer = Overlay(leg.stream()).arrival(leg.response().head.begin);
    if (!m.head_whole || !first || !last || !answer) return std::nullopt;
    if (leg.connection->clock().missing()) return std::nullopt;  // order is all that pairs them
    return Exchange{leg,          m.key,          first->time, std::max(first->time, last->time),
                    answer->time, last_time(leg), m.forwarded};
}

}  // namespace

LegPairs::LegPairs(const LegIndex& index) {
    std::vector<Exchange> exchanges;
    for (const Leg& leg : index.legs())
        if (const auto facts = facts_of<Exchange>(leg)) exchanges.push_back(*facts);
    std::unordered_map<std::uint64_t, Group> by_id;
    std::unordered_map<std::uint64_t, Group> by_target;
    for (const Exchange& exchange : exchanges) {
        const std::uint64_t id = exchange.leg.response().key;
        if (id != 0) by_id[id].push_back(&exchange);
        by_target[exchange.key].push_back(&exchange);
    }
    for (auto& [id, group] : by_id) {
        judge(group, true);
        note_stored(group);
    }
    for (auto& [target, group] : by_target) judge(group, false);
}

LegPairs::LegPairs(const std::vector<Leg>& with_one_id) {
    std::vector<Exchange> exchanges;
    for (const Leg& leg : with_one_id)
        if (const auto facts = facts_of<Exchange>(leg)) exchanges.push_back(*facts);
    Group group;
    for (const Exchange& exchange : exchanges) group.push_back(&exchange);
    judge(group, true);
}

LegPairs::Fit LegPairs::fit(const Exchange& downstream, const Exchange& upstream,
                            bool by_id) const {
    const Leg& down = downstream.leg;
    const Leg& up = upstream.leg;
    if (down.connection == up.connection) return Fit::kNo;
    if (downstream.ends().port[downstream.server()] == upstream.ends().port[upstream.server()])
        return Fit::kNo;
    if (upstream.asked < downstream.asked_all || downstream.answered < upstream.answered)
        return Fit::kNo;
    if (by_id) return Fit::kYes;

    const Message& received = up.response();
    const Message& sent = down.response();
    // A proxy hands the id on or drops it; it makes none.
    if (sent.key != 0 || received.line.status != sent.line.status) return Fit::kNo;
    if (by_downstream_.contains(down) || by_upstream_.contains(up)) return Fit::kNo;
    const std::pair host{downstream.ends().address[downstream.server()],
                         upstream.ends().address[upstream.client()]};
    // A proxy that keeps the client's address and port, as one below HTTP may.
    const bool one_socket =
        downstream.ends().port[downstream.client()] == upstream.ends().port[upstream.client()];
    const bool passed_on = upstream.forwarded && !downstream.forwarded;
    const bool one_host =
        host.first == host.second || hosts_.contains(host) || one_socket || passed_on;
    if (!one_host && downstream.ends().address[downstream.client()] == host.second)
        return Fit::kNo;  // the client asked both itself
    LegPair pair{up, down, LegConfidence::kConsistent, BodyMatch::kSame, 0};
    pair.match = compare(down, up, pair.compared);
    if (pair.match == BodyMatch::kCoding) return one_host ? Fit::kCoding : Fit::kNo;
    if (pair.match != BodyMatch::kSame || !in_order(pair)) return Fit::kNo;
    // What broke off upstream is not where the rest downstream came from: a proxy that tries again.
    if (up.body()->hash.end() < down.body()->hash.end()) return Fit::kNo;
    if (pair.compared == 0) return Fit::kNoBytes;
    return one_host ? Fit::kYes : Fit::kAddresses;
}

/// Bodies of different codings cannot be compared: such an exchange counts only where no other
/// fits either of the two.
void LegPairs::drop_weak(Edges& below) {
    std::unordered_set<const Exchange*> taken;
    for (const auto& [down, edges] : below)
        for (const auto& [up, fits] : edges)
            if (fits != Fit::kCoding) taken.insert({down, up});
    for (auto& entry : below) {
        const bool strong = taken.contains(entry.first);
        std::erase_if(entry.second, [&](const auto& edge) {
            return edge.second == Fit::kCoding && (strong || taken.contains(edge.first));
        });
    }
}

void LegPairs::judge(Group& group, bool by_id) {
    if (group.size() < 2) return;
    std::sort(group.begin(), group.end(), [](const Exchange* a, const Exchange* b) {
        return std::pair(a->asked, a->leg) < std::pair(b->asked, b->leg);
    });
    Edges below;
    std::unordered_map<const Exchange*, std::size_t> above;
    for (const Exchange* down : group) {
        auto up = std::partition_point(group.begin(), group.end(), [&](const Exchange* e) {
            return e->asked < down->asked_all;
        });
        std::size_t at_once = 0;
        for (; up != group.end() && (*up)->asked <= down->ended; ++up) {
            if (++at_once > kMostAtOnce) break;
            const Fit fits = fit(*down, **up, by_id);
            if (fits == Fit::kNo) continue;
            below[down].push_back({*up, fits});
        }
        if (at_once > kMostAtOnce) {
            doubts_[down->leg] = LegDoubt::kSeveral;
            for (const auto& [other, fits] : below[down]) ++above[other];
            below.erase(down);
        }
    }
    drop_weak(below);
    // Of three in a row the outer two are not neighbours.
    const auto reaches = [&](const Exchange* from, const Exchange* to) {
        const auto at = below.find(from);
        return at != below.end() && std::any_of(at->second.begin(), at->second.end(),
                                                [&](const auto& edge) { return edge.first == to; });
    };
    auto neighbours = below;
    for (auto& neighbour : neighbours) {
        const auto& all = below[neighbour.first];
        std::erase_if(neighbour.second, [&](const auto& edge) {
            return std::any_of(all.begin(), all.end(), [&](const auto& between) {
                return reaches(between.first, edge.first);
            });
        });
    }
    for (const auto& [down, edges] : neighbours)
        for (const auto& edge : edges) ++above[edge.first];
    for (const Exchange* down : group) {
        const auto& edges = neighbours[down];
        if (edges.empty()) continue;
        const auto& [up, fits] = edges.front();
        if (edges.size() > 1 || above[up] > 1) {
            doubts_[down->leg] = LegDoubt::kSeveral;
        } else if (fits == Fit::kYes) {
            pair(*down, *up, by_id);
        } else {
            doubts_[down->leg] = fits == Fit::kNoBytes  ? LegDoubt::kNoBytes
                                 : fits == Fit::kCoding ? LegDoubt::kCoding
                                                        : LegDoubt::kAddresses;
            candidates_.emplace(down->leg, up->leg);
            candidates_.emplace(up->leg, down->leg);
        }
    }
}

void LegPairs::pair(const Exchange& downstream, const Exchange& upstream, bool by_id) {
    LegPair found{upstream.leg, downstream.leg,
                  by_id ? LegConfidence::kKnown : LegConfidence::kConsistent, BodyMatch::kSame, 0};
    found.match = compare(found.downstream, found.upstream, found.compared);
    if (by_id)
        hosts_.insert({downstream.ends().address[downstream.server()],
                       upstream.ends().address[upstream.client()]});
    by_downstream_[found.downstream] = by_upstream_[found.upstream] = pairs_.size();
    pairs_.push_back(found);
}

/// Of the legs of one id: those that were asked for after the id was sent.
void LegPairs::note_stored(const Group& group) {
    for (const Exchange* late : group) {
        if (by_downstream_.contains(late->leg) || by_upstream_.contains(late->leg)) continue;
        const bool stored = std::any_of(group.begin(), group.end(), [&](const Exchange* early) {
            return early != late && early->answered <= late->asked;
        });
        if (stored) doubts_[late->leg] = LegDoubt::kStored;
    }
}

}  // namespace seamark
