// SPDX-License-Identifier: GPL-2.0-or-later
#include "epan/call_router.hpp"

#include <utility>

#include "epan/connections.hpp"

namespace seamark {
namespace {

std::string name(const Endpoint& end) {
    return end.address + ' ' + std::to_string(end.port);
}

/// The same for both directions.
std::string key(std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    return a + ' ' + b;
}

}  // namespace

void CallRouter::know(TrackedConnection& tracked) {
    Tuple& tuple = tuples_[key(name(tracked.first), name(tracked.second))];
    tuple.connections.push_back(&tracked);
    for (const Waiting& waiting : std::exchange(tuple.waiting, {}))
        deliver(tuple, waiting.source, waiting.event, waiting.frame);
}

void CallRouter::route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame) {
    const std::string source = name(endpoint(end_points.source, end_points.source_port));
    Tuple& tuple =
        tuples_[key(source, name(endpoint(end_points.destination, end_points.destination_port)))];
    if (tuple.connections.empty()) {
        tuple.waiting.push_back({source, event, frame});
    } else {
        deliver(tuple, source, event, frame);
    }
}

void CallRouter::deliver(const Tuple& tuple, const std::string& source, const IoEvent& event,
                         FrameNumber frame) {
    TrackedConnection* chosen = tuple.connections.front();
    for (TrackedConnection* tracked : tuple.connections)
        if (tracked->began <= event.left) chosen = tracked;
    const Side side = source == name(chosen->first) ? Side::kFirst : Side::kSecond;
    chosen->connection.add_event(side, event, frame);
}

}  // namespace seamark
