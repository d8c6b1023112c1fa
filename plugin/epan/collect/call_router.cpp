// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/call_router.hpp"

#include <algorithm>
#include <utility>

namespace seamark {
namespace {

std::string name(const SocketAddress& end) {
    return end.address + ' ' + std::to_string(end.port);
}

/// The same for both directions.
std::string key(std::string a, std::string b) {
    if (b < a) std::swap(a, b);
    return a + ' ' + b;
}

/// The side whose call it is.
Side side_of(const TrackedConnection& tracked, const std::string& source) {
    return source == name(tracked.first.text()) ? Side::kFirst : Side::kSecond;
}

}  // namespace

void CallRouter::know(TrackedConnection& tracked) {
    Tuple& tuple = tuples_[key(name(tracked.first.text()), name(tracked.second.text()))];
    const auto behind =
        std::upper_bound(tuple.connections.begin(), tuple.connections.end(), &tracked,
                         [](const auto* a, const auto* b) { return a->began < b->began; });
    tuple.connections.insert(behind, &tracked);
    for (const Waiting& waiting : std::exchange(tuple.waiting, {}))
        deliver(tuple, waiting.source, waiting.event, waiting.frame);
}

void CallRouter::route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame,
                       std::uint32_t interface) {
    const auto before = ended_.find(interface);
    last_ = {name(endpoint(end_points.source, end_points.source_port)),
             event,
             frame,
             nullptr,
             interface,
             before != ended_.end() ? std::optional(before->second) : std::nullopt,
             unplaced_,
             ambiguous_,
             contradicted_};
    bool& ended = ended_[interface];
    if (event.kind == EventKind::kEnd) {
        ended = true;
        dropped_[event.process] += event.taken();
        return;
    }
    const std::string& source = last_.source;
    Tuple& tuple =
        tuples_[key(source, name(endpoint(end_points.destination, end_points.destination_port)))];
    last_.tuple = &tuple;
    if (tuple.connections.empty()) {
        tuple.waiting.push_back({source, event, frame});
    } else {
        deliver(tuple, source, event, frame);
    }
}

void CallRouter::forget(FrameNumber frame) {
    if (last_.frame != frame) return;
    last_.frame = FrameNumber::kNone;
    unplaced_ = last_.unplaced;
    ambiguous_ = last_.ambiguous;
    contradicted_ = last_.contradicted;
    if (last_.ended) {
        ended_[last_.interface] = *last_.ended;
    } else {
        ended_.erase(last_.interface);
    }
    if (last_.event.kind == EventKind::kEnd) dropped_[last_.event.process] -= last_.event.taken();
    if (last_.tuple == nullptr) return;
    auto& waiting = last_.tuple->waiting;
    if (!waiting.empty() && waiting.back().frame == frame) {
        waiting.pop_back();
    } else if (TrackedConnection* tracked = choose(*last_.tuple, last_.event)) {
        tracked->connection.remove_event(side_of(*tracked, last_.source), last_.event, frame);
    }
}

CallRouter::Uncaptured CallRouter::uncaptured() const {
    Uncaptured found;
    const auto look = [&](const Stream& stream, const CallLane& calls) {
        Wrong& wrong = stream.carrier() != nullptr ? found.above_tls : found.sockets;
        calls.each(kAllCalls, [&](CallRange range, const CallRecord& call) {
            const auto here = stream.position(range);
            if (here && !stream.lane().runs().covers(*here)) wrong.note(call.event);
        });
    };
    each_stream([&](const Stream& stream) {
        look(stream, stream.writes());
        look(stream, stream.reads());
    });
    return found;
}

template <typename Visit>
void CallRouter::each_stream(Visit visit) const {
    for (const auto& [key, tuple] : tuples_)
        for (const TrackedConnection* tracked : tuple.connections)
            for (const Side side : {Side::kFirst, Side::kSecond}) {
                visit(tracked->connection.stream(side));
                if (const Connection* plain = tracked->connection.plain())
                    visit(plain->stream(side));
            }
}

CallRouter::Doubts CallRouter::doubts() const {
    Doubts all;
    const auto add = [](Wrong& wrong, const CallDoubts::Count& count) {
        if (count.calls == 0) return;
        if (wrong.calls == 0 || count.first < wrong.first) wrong.first = count.first;
        wrong.calls += count.calls;
    };
    each_stream([&](const Stream& stream) {
        const CallDoubts* doubts = stream.writes().doubts();
        if (doubts == nullptr) return;
        add(all.uncertain, doubts->uncertain());
        add(all.contradicted, doubts->contradicted());
        if (doubts->unseen() == 0) return;
        if (all.unseen == 0 || doubts->first_unseen() < all.first_unseen)
            all.first_unseen = doubts->first_unseen();
        all.unseen += doubts->unseen();
    });
    return all;
}

Connection::UnjoinedCalls CallRouter::calls_above_tls() const {
    Connection::UnjoinedCalls sum;
    for (const auto& [key, tuple] : tuples_)
        for (const TrackedConnection* tracked : tuple.connections) {
            const auto calls = tracked->connection.unjoined_calls();
            sum.sealed += calls.sealed;
            sum.kernel_tls += calls.kernel_tls;
        }
    return sum;
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
    tell(ambiguous_, "are not joined: which bytes they moved is not certain");
    tell(contradicted_, "are not joined: other calls are recorded for the same bytes");
    const Doubts found = doubts();
    if (found.unseen > 0)
        say(std::to_string(found.unseen) +
            " bytes were sent by no recorded call (the first event " + "of them is in frame " +
            std::to_string(static_cast<std::uint32_t>(found.first_unseen)) + ')');
    tell(found.uncertain,
         "are not joined: bytes that no recorded call sent went over at about their time");
    tell(found.contradicted,
         "are not joined: bytes were captured before the calls that are recorded for them");
    const Connection::UnjoinedCalls above = calls_above_tls();
    if (above.sealed > 0)
        say(std::to_string(above.sealed) +
            " calls of applications into TLS are not joined: their records were not decrypted");
    if (above.kernel_tls > 0)
        say(std::to_string(above.kernel_tls) +
            " calls are not joined: the kernel does TLS on their socket (kTLS)");
    const Uncaptured missing = uncaptured();
    tell(missing.sockets, "have bytes that are in no captured frame");
    tell(missing.above_tls,
         "of applications into TLS have bytes that are in no captured frame, or in records that "
         "were not decrypted");
    return lines;
}

TrackedConnection* CallRouter::find(const ObservedSegment& end_points, const IoEvent& event) const {
    const auto tuple =
        tuples_.find(key(name(endpoint(end_points.source, end_points.source_port)),
                         name(endpoint(end_points.destination, end_points.destination_port))));
    return tuple != tuples_.end() ? choose(tuple->second, event) : nullptr;
}

TrackedConnection* CallRouter::choose(const Tuple& tuple, const IoEvent& event) {
    if (tuple.connections.empty()) return nullptr;
    const auto later =
        std::partition_point(tuple.connections.begin(), tuple.connections.end(),
                             [&](const auto* tracked) { return tracked->began <= event.left; });
    return later != tuple.connections.begin() ? *(later - 1) : *later;
}

void CallRouter::deliver(const Tuple& tuple, const std::string& source, const IoEvent& event,
                         FrameNumber frame) {
    TrackedConnection* chosen = choose(tuple, event);
    const Side side = side_of(*chosen, source);
    if (chosen->connection.add_event(side, event, frame) || event.taken() == 0) return;
    if (Connection::is_above_tls(event)) {
        if (!chosen->connection.is_in_doubt(side, event)) contradicted_.note(frame);
        return;
    }
    if (event.kind != EventKind::kWrite && event.kind != EventKind::kRead) return;
    const IoEvent placed = chosen->connection.placed(side, event, frame);
    if (event.has(EventFlags::kAmbiguous)) {
        ambiguous_.note(frame);
    } else if (!placed.has(EventFlags::kOffsetKnown)) {
        unplaced_.note(frame);
    } else if (!chosen->connection.is_in_doubt(side, placed)) {
        contradicted_.note(frame);
    }
}

}  // namespace seamark
