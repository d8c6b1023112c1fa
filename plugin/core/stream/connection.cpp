// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/connection.hpp"

#include <algorithm>
#include <utility>

#include "core/stream/contradiction.hpp"

namespace seamark {

void Connection::add(Side side, const CapturedSegment& segment) {
    const TcpHeader& header = segment.header;
    clock_.note(segment.frame, segment.timed ? std::optional(segment.time) : std::nullopt);
    if (header.multipath && !std::exchange(multipath_[static_cast<std::size_t>(side)], true) &&
        multipath())
        for (Stream& stream : streams_) stream.set_subflow();
    if (header.syn) note_syn(side, segment);
    SendState send_state;
    if (segment.wire_length > 0 && !header.rst)
        send_state = watch(side).depart(header, segment.wire_length, segment.time,
                                        max_payload(side, header.options_length).value_or(0));
    if (header.ack && segment.wire_length > 0) {
        const Stream& asking = stream(other(side));
        const auto acknowledged = asking.position_of(header.acknowledged);
        requests_[static_cast<std::size_t>(other(side))].note_acknowledged(
            acknowledged, acknowledged && asking.idle_behind(*acknowledged));
    }
    if (clock_.missing()) send_state.since_ack = SendState::kUnknown;
    const std::size_t before = own(side).lane().segments().size();
    const std::size_t connections = own(side).later_connections();
    own(side).add(segment);
    // What was sent and acknowledged before is another connection's.
    if (own(side).later_connections() != connections) {
        watch(side) = SendWatch{};
        send_state = {};
    }
    // A message can go again, when an earlier segment shows that it was read wrongly.
    if ((has_message() || own(side).lane().has_send_states()) &&
        own(side).lane().segments().size() > before)
        own(side).note_send_state(send_state);
    if (segment.timed && own(side).lane().segments().size() > before)
        contradict(side, find_contradiction(stream(side), own(side).lane().segments().back()));
    pass_on_switch(side);
    own(other(side)).settle();
    pass_on_switch(other(side));
    note_acknowledgement(side, header, segment.wire_length, segment.time, segment.frame);
}

void Connection::acknowledge(Side side, const TcpHeader& header, std::int64_t time,
                             FrameNumber frame) {
    note_acknowledgement(side, header, 0, time, frame);
}

void Connection::note_acknowledgement(Side side, const TcpHeader& header, std::uint32_t wire_length,
                                      std::int64_t time, FrameNumber frame) {
    own(side).note_close(header, wire_length, frame);
    own(other(side)).note_answer(header, frame);
    watch(other(side)).acknowledge(header, time, frame);
    if (handshake_.end == kNever && !header.syn && handshake_.both() && side == handshake_.opener())
        handshake_.end = time;
}

void Connection::note_syn(Side side, const CapturedSegment& segment) {
    const auto at = static_cast<std::size_t>(side);
    if (handshake_.syn[at] != kNever) return;
    handshake_.syn[at] = segment.time;
    handshake_.scale[at] = segment.header.window_scale.value_or(kNoScale);
    if (!handshake_.both()) return;
    const bool scaled = handshake_.scale[0] != kNoScale && handshake_.scale[1] != kNoScale;
    for (const Side sender : {Side::kFirst, Side::kSecond})
        watch(sender).scale_windows(
            scaled ? handshake_.scale[static_cast<std::size_t>(other(sender))] : std::uint8_t{0});
}

std::optional<std::int64_t> Connection::handshake_time() const {
    if (handshake_.end == kNever || clock_.missing()) return std::nullopt;
    return handshake_.end - syn_time(handshake_.opener());
}

Vantage Connection::vantage(Side sender) const {
    const auto whole = handshake_time();
    if (!whole) return Vantage::kUnknown;
    constexpr std::int64_t kOneMachine = 500'000;  // ns
    constexpr std::int64_t kMuch = 4;
    if (*whole < 0) return Vantage::kUnknown;  // times that go back tell nothing
    if (*whole < kOneMachine) return Vantage::kAtBoth;
    const Side opener = handshake_.opener();
    const std::int64_t answer = handshake_.end - syn_time(other(opener));
    const std::int64_t way = syn_time(other(opener)) - syn_time(opener);
    // At the opener its own acknowledgement follows at once; at the other end the second SYN does.
    if (answer < way / kMuch) return sender == opener ? Vantage::kAtSender : Vantage::kAtReceiver;
    if (way < answer / kMuch) return sender == opener ? Vantage::kAtReceiver : Vantage::kAtSender;
    return Vantage::kUnknown;
}

bool Connection::add_event(Side recorded, const IoEvent& event, FrameNumber frame) {
    own(recorded).writes().note_options(event);
    if (event.kind == EventKind::kUnseenWrite) own(recorded).writes().note_unseen(event, frame);
    CallLane* const lane = lane_of(recorded, event.kind);
    if (lane == nullptr || !lane->add(event, frame)) return false;
    if (event.kind != EventKind::kWrite || clock_.missing()) return true;
    const CallRecord* call = lane->first(event.range());
    const auto found = find_contradiction(stream(recorded), event.range(), *call);
    contradict(recorded, found);
    return !found;
}

void Connection::contradict(Side sender, const std::optional<Contradiction>& found) {
    if (found) own(sender).writes().contradict(*found);
}

void Connection::remove_event(Side recorded, const IoEvent& event, FrameNumber frame) {
    if (CallLane* const lane = lane_of(recorded, event.kind))
        lane->remove(CallOffset{event.offset}, frame);
}

CallLane* Connection::lane_of(Side recorded, EventKind kind) {
    if (kind == EventKind::kWrite) return &own(recorded).writes();
    // What one side reads the other has sent.
    if (kind == EventKind::kRead) return &own(other(recorded)).reads();
    return nullptr;
}

void Connection::finish() {
    // In the order of capture, as ever: a response may be framed by the request it answers.
    while (true) {
        const auto first = stream(Side::kFirst).first_waiting();
        const auto second = stream(Side::kSecond).first_waiting();
        if (!first && !second) break;
        const Side side = !second || (first && *first < *second) ? Side::kFirst : Side::kSecond;
        own(side).give_up_hole();
        pass_on_switch(side);
        own(other(side)).settle();
        pass_on_switch(other(side));
    }
    for (const Side side : {Side::kFirst, Side::kSecond}) own(side).finish();
}

void Connection::pass_on_switch(Side side) {
    if (const auto answered = own(side).take_switch()) own(other(side)).stop_after(*answered);
}

std::uint32_t Connection::exchange(Side side, std::uint32_t message) const {
    const Message& m = stream(side).messages()[message];
    if (m.is_request()) return message + 1;
    if (m.unsolicited) return 0;
    const RequestLog& answered = requests_[static_cast<std::size_t>(other(side))];
    return answered.message(m.answer).value_or(m.answer) + 1;
}

void Connection::head_whole(Side side, std::uint32_t message) {
    const Message& m = stream(side).messages()[message];
    if (m.is_request()) {
        listener_->request(*this, side, message);
    } else if (m.line.status >= 200) {
        listener_->response(*this, side, message);
    }
}

std::optional<std::uint32_t> Connection::answer_to(Side requester, std::uint32_t request) const {
    const auto ordinal = requests_[static_cast<std::size_t>(requester)].find(request);
    if (!ordinal) return std::nullopt;
    const MessageIndex messages = stream(other(requester)).messages();
    // Informational responses carry the number of the final one that they precede.
    auto at = std::partition_point(messages.begin(), messages.end(), [&](const Message& m) {
        return !m.is_request() && m.answer < *ordinal;
    });
    while (at != messages.end() && !at->is_request() && (at->line.status < 200 || at->unsolicited))
        ++at;
    if (at == messages.end() || at->is_request() || at->answer != *ordinal) return std::nullopt;
    return static_cast<std::uint32_t>(at - messages.begin());
}

std::optional<std::uint32_t> Connection::request_of(Side responder, std::uint32_t response) const {
    const RequestLog& log = requests_[static_cast<std::size_t>(other(responder))];
    const Message& m = stream(responder).messages()[response];
    if (m.unsolicited) return std::nullopt;
    return log.message(m.answer);
}

void Connection::watch_answer(Side requester, std::uint32_t request) {
    RequestLog& log = requests_[static_cast<std::size_t>(requester)];
    if (const auto ordinal = log.find(request)) log.watch(*ordinal);
}

bool Connection::answer_is_watched(Side responder, std::uint32_t response) const {
    const Message& m = stream(responder).messages()[response];
    return !m.unsolicited &&
           requests_[static_cast<std::size_t>(other(responder))].watched(m.answer);
}

std::optional<std::uint32_t> Connection::max_payload(Side side, std::uint8_t options_length) const {
    const auto peers = stream(other(side)).announced_mss();
    if (!peers) return std::nullopt;
    const std::uint32_t mss = std::min(*peers, stream(side).announced_mss().value_or(*peers));
    if (mss <= options_length) return std::nullopt;
    return mss - options_length;
}

}  // namespace seamark
