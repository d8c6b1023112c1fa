// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/leg_arrival.hpp"

#include <algorithm>
#include <vector>

#include "core/proxy/leg_match.hpp"
#include "core/stream/overlay.hpp"

namespace seamark {
namespace {

/// By which a machine may capture a packet late.
constexpr std::int64_t kNoise = 1'000'000;

/// The message that has body bytes here; empty: none has, or several.
std::optional<Leg> only_leg(const Connection& connection, Side side, ByteRange range) {
    std::vector<Piece> pieces;
    Overlay(connection.stream(side)).pieces(range, pieces);
    if (pieces.empty()) return std::nullopt;
    const std::uint32_t message = pieces.front().message;
    for (const Piece& piece : pieces)
        if (piece.message != message) return std::nullopt;
    if (message >= connection.stream(side).messages().size()) return std::nullopt;
    const Leg leg{&connection, side, message};
    if (leg.response().is_request() || leg.body() == nullptr) return std::nullopt;
    return leg;
}

std::optional<std::int64_t> next_arrived(const LegPair& pair, BodyOffset end) {
    std::vector<LegRun> next;
    append_runs(pair.upstream, {end, end + 1}, next);
    if (next.empty()) return std::nullopt;
    return next.front().time;
}

}  // namespace

std::optional<SenderArrival> arrival_at_sender(const LegPairs& legs, const Connection& connection,
                                               Side side, const Segment& segment) {
    const auto leg = only_leg(connection, side, segment.range());
    if (!leg) return std::nullopt;
    const LegPair* pair = legs.by_downstream(*leg);
    if (pair == nullptr) return std::nullopt;
    const auto above = pair->upstream.connection->carrying().handshake_time();
    const auto below = connection.handshake_time();
    if (!above || !below || *above < 0 || *below < 0) return std::nullopt;
    const BodyRange body = leg->body()->map.in_body(segment.range());
    if (body.empty()) return std::nullopt;
    const auto runs = match(*pair, body);
    const auto held = hold(runs);
    if (!held || held->bytes != body.length()) return std::nullopt;
    SenderArrival arrival;
    arrival.transit = kNoise + *above + *below;
    arrival.first = runs.front().upstream.time;
    arrival.last = arrival.first;
    for (const MatchedRun& run : runs) {
        arrival.first = std::min(arrival.first, run.upstream.time);
        if (run.upstream.time < arrival.last) continue;
        arrival.last = run.upstream.time;
        arrival.frame = run.upstream.frame;
    }
    arrival.next = next_arrived(*pair, body.end);
    return arrival;
}

}  // namespace seamark
