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

void CallRouter::route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame,
                       std::uint32_t interface) {
    bool& ended = ended_[interface];
    if (event.kind == EventKind::kEnd) {
        ended = true;
        dropped_[event.process] += event.taken();
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

CallRouter::Wrong CallRouter::uncaptured() const {
    Wrong wrong;
    const auto look = [&](const Stream& stream, const CallLane& calls) {
        calls.each({0, ~StreamOffset{0}}, [&](ByteRange range, const CallRecord& call) {
            const auto here = stream.position(range.begin, range.length());
            if (here && !stream.lane().runs().covers(*here)) wrong.note(call.event);
        });
    };
    for (const auto& [key, tuple] : tuples_)
        for (const TrackedConnection* tracked : tuple.connections)
            for (const Side side : {Side::kFirst, Side::kSecond}) {
                const Stream& stream = tracked->connection.stream(side);
                look(stream, stream.writes());
                look(stream, stream.reads());
            }
    return wrong;
}

std::vector<std::string> CallRouter::complaints() const {
    std::vector<std::string> lines;
    const auto say = [&lines](const std::string& line) { lines.push_back("events: " + line); };
    for (const auto& [interface, ended] : ended_)
        if (!ended)
            say("the record" +
                (ended_.size() > 1 ? " on interface " + std::to_string(interface) : "") +
                " has no end: its recorder was stopped hard, and its last calls may be missing");
    for (const auto& [process, dropped] : dropped_)
        if (dropped > 0)
            say("process " + std::to_string(process) + " dropped " + std::to_string(dropped) +
                " events: calls are missing");
    std::size_t lost = 0;
    for (const auto& [name, tuple] : tuples_) lost += tuple.waiting.size();
    if (lost > 0)
        say(std::to_string(lost) + " calls belong to connections that are not in the capture");
    const auto tell = [&say](const Wrong& wrong, const std::string& what) {
        if (wrong.calls > 0)
            say(std::to_string(wrong.calls) + " calls " + what + " (the first is in frame " +
                std::to_string(static_cast<std::uint32_t>(wrong.first)) + ')');
    };
    tell(unplaced_, "are not joined: their connection was open before the recording began");
    tell(contradicted_, "are not joined: other calls are recorded for the same bytes");
    tell(uncaptured(), "have bytes that are in no captured frame");
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
    if (chosen->connection.add_event(side, event, frame) || event.taken() == 0) return;
    if (event.kind != EventKind::kWrite && event.kind != EventKind::kRead) return;
    (event.has(EventFlags::kOffsetKnown) ? contradicted_ : unplaced_).note(frame);
}

}  // namespace seamark
