// SPDX-License-Identifier: GPL-2.0-or-later
#include "call_router.hpp"

#include <algorithm>
#include <utility>

#include "connections.hpp"

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
    Tuple& tuple = tuples_[key(name(tracked.first.text()), name(tracked.second.text()))];
    tuple.connections.push_back(&tracked);
    for (const Waiting& waiting : std::exchange(tuple.waiting, {}))
        deliver(tuple, waiting.source, waiting.event, waiting.frame);
}

void CallRouter::route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame) {
    Record& record = records_[event.process];
    if (event.kind == EventKind::kEnd) {
        record.ended = true;
        record.dropped += event.taken();
        return;
    }
    const std::string source = name(endpoint(end_points.source, end_points.source_port));
    Tuple& tuple =
        tuples_[key(source, name(endpoint(end_points.destination, end_points.destination_port)))];
    if (tuple.connections.empty()) {
        tuple.waiting.push_back({source, event, frame});
    } else {
        deliver(tuple, source, event, frame);
    }
}

std::vector<std::string> CallRouter::complaints() const {
    std::vector<std::string> lines;
    // The end stands for the whole record, whichever of its processes wrote it.
    const bool any_end = std::any_of(records_.begin(), records_.end(),
                                     [](const auto& record) { return record.second.ended; });
    if (!any_end && !records_.empty())
        lines.emplace_back(
            "events: the record has no end: its recorder was stopped hard, and its last calls may "
            "be "
            "missing");
    for (const auto& [process, record] : records_)
        if (record.dropped > 0)
            lines.push_back("events: process " + std::to_string(process) + " dropped " +
                            std::to_string(record.dropped) + " events: calls are missing");
    std::size_t lost = 0;
    for (const auto& [name, tuple] : tuples_) lost += tuple.waiting.size();
    if (lost > 0)
        lines.push_back("events: " + std::to_string(lost) +
                        " calls belong to connections that are not in the capture");
    return lines;
}

TrackedConnection* CallRouter::find(const ObservedSegment& end_points, const IoEvent& event) const {
    const auto tuple =
        tuples_.find(key(name(endpoint(end_points.source, end_points.source_port)),
                         name(endpoint(end_points.destination, end_points.destination_port))));
    return tuple != tuples_.end() ? choose(tuple->second, event) : nullptr;
}

TrackedConnection* CallRouter::choose(const Tuple& tuple, const IoEvent& event) {
    TrackedConnection* chosen = nullptr;
    for (TrackedConnection* tracked : tuple.connections)
        if (chosen == nullptr || tracked->began <= event.left) chosen = tracked;
    return chosen;
}

void CallRouter::deliver(const Tuple& tuple, const std::string& source, const IoEvent& event,
                         FrameNumber frame) {
    TrackedConnection* chosen = choose(tuple, event);
    const Side side = source == name(chosen->first.text()) ? Side::kFirst : Side::kSecond;
    chosen->connection.add_event(side, event, frame);
}

}  // namespace seamark
