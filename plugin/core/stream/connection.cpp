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
    if (header.syn) {
        note_syn(side, segment);
        open_watch(side, header);
    }
    std::uint8_t point = note_point(side, segment);
    SendState send_state;
    if (segment.wire_length > 0 && !header.rst) {
        send_state = watch(side).depart(header, segment.wire_length, segment.time,
                                        max_payload(side, header.options_length).value_or(0));
        send_state.repeat = copies_[static_cast<std::size_t>(side)].note(
            header, segment.wire_length, segment.time, segment.origin);
        const bool elsewhere =
            points_.note_data(static_cast<std::size_t>(side), point, header.sequence,
                              segment.wire_length, segment.origin.hops_left);
        if (elsewhere &&
            (send_state.repeat == Repeat::kNotSeen || send_state.repeat == Repeat::kLooksAlike))
            send_state.repeat = Repeat::kOtherPoint;
        several_places_ = several_places_ || send_state.repeat == Repeat::kSamePacket ||
                          send_state.repeat == Repeat::kLooksAlike ||
                          send_state.repeat == Repeat::kOtherPoint;
        send_state.several_places = several_places_;
    }
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
        if (header.syn) open_watch(side, header);
        call_times_ = {};
        copies_ = {};
        several_places_ = false;
        send_state = SendState{};
        points_ = {};
        point = note_point(side, segment);
        points_.note_data(static_cast<std::size_t>(side), point, header.sequence,
                          segment.wire_length, segment.origin.hops_left);
    }
    // A message can go again, when an earlier segment shows that it was read wrongly.
    if ((has_message() || has_record() || own(side).lane().has_send_states()) &&
        own(side).lane().segments().size() > before) {
        note_call_time(side, own(side).lane().segments().back());
        send_state.point = point;
        send_state.note_viewpoint(viewpoint(side));
        own(side).note_send_state(send_state);
    }
    if (segment.timed && own(side).lane().segments().size() > before)
        contradict(side, find_contradiction(stream(side), own(side).lane().segments().back()));
    pass_on_switch(side);
    own(other(side)).settle();
    pass_on_switch(other(side));
    note_acknowledgement(side, header, segment.wire_length, segment.time, segment.frame);
}

void Connection::acknowledge(Side side, const TcpHeader& header, std::int64_t time,
                             FrameNumber frame, const PacketOrigin& origin) {
    if (header.ack && !header.syn && !clock_.missing())
        points_.note_acknowledged(static_cast<std::size_t>(side),
                                  points_.number_of(origin.interface), header.acknowledged, time);
    note_acknowledgement(side, header, 0, time, frame);
}

/// The point at which a segment was captured, and what its header says there.
std::uint8_t Connection::note_point(Side side, const CapturedSegment& segment) {
    const TcpHeader& header = segment.header;
    const auto of = static_cast<std::size_t>(side);
    const std::uint8_t point = points_.number_of(segment.origin.interface);
    if (!segment.timed) return point;
    if (header.syn) points_.note_syn(of, point, segment.time);
    if (header.ack && !header.syn)
        points_.note_acknowledged(of, point, header.acknowledged, segment.time);
    return point;
}

void Connection::note_acknowledgement(Side side, const TcpHeader& header, std::uint32_t wire_length,
                                      std::int64_t time, FrameNumber frame) {
    own(side).note_close(header, wire_length, frame);
    own(other(side)).note_answer(header, frame);
    watch(other(side)).acknowledge(header, time, frame);
    if (!header.syn) handshake_.note_segment(static_cast<std::size_t>(side), time, wire_length > 0);
}

void Connection::note_syn(Side side, const CapturedSegment& segment) {
    const auto at = static_cast<std::size_t>(side);
    if (!handshake_.note_syn(at, segment.time)) return;
    scale_[at] = segment.header.window_scale.value_or(kNoScale);
    if (!handshake_.both_syns()) return;
    const bool scaled = scale_[0] != kNoScale && scale_[1] != kNoScale;
    for (const Side sender : {Side::kFirst, Side::kSecond})
        watch(sender).scale_windows(scaled ? scale_[static_cast<std::size_t>(other(sender))]
                                           : std::uint8_t{0});
}

/// Only where the other side is captured, too: else no acknowledgement would ever be seen.
void Connection::open_watch(Side side, const TcpHeader& syn) {
    if (handshake_.both_syns()) watch(side).open(syn);
}

std::optional<std::int64_t> Connection::handshake_time() const {
    if (clock_.missing()) return std::nullopt;
    return handshake_.duration();
}

Vantage Connection::vantage(Side sender) const {
    if (clock_.missing()) return Vantage::kUnknown;
    return handshake_.suggested(static_cast<std::size_t>(sender));
}

/// Compares the times of a segment that carried new bytes and of the call that ended it.
void Connection::note_call_time(Side side, const Segment& segment) {
    if (segment.retransmission() || segment.repeats || segment.wire_length == 0) return;
    const Stream& sent = stream(side);
    const StreamOffset end = segment.wire_range().end;
    sent.each_call(sent.writes(), {end - 1, end}, [&](ByteRange range, const CallRecord& call) {
        const KernelState* state = sent.writes().state(call);
        const bool all_sent = state != nullptr && state->not_sent == 0 && range.end == end;
        call_times_[static_cast<std::size_t>(side)].note(
            segment.time, call.entered, call.left, all_sent,
            state != nullptr ? std::int64_t{state->rtt_us} * 1000 : 0);
    });
}

/// What is known by now of where the capture was taken.
Viewpoint Connection::viewpoint(Side sender) const {
    // Frames of several queues may be out of order by less.
    constexpr std::int64_t kStep = 1'000'000;
    const auto& steps = clock_.steps();
    if (clock_.missing() || std::any_of(steps.begin(), steps.end(),
                                        [](const Clock::Step& step) { return step.back > kStep; }))
        return {};
    const CallTimes& calls = call_times_[static_cast<std::size_t>(sender)];
    Vantage place = vantage(sender);
    if (calls.at_sender())
        return {place == Vantage::kAtBoth ? Vantage::kAtBoth : Vantage::kAtSender, true};
    if (place == Vantage::kAtBoth) return {place, false};
    // An acknowledgement that comes sooner than a round trip is not seen at the sender.
    constexpr std::int64_t kMuch = 4;
    const std::int64_t answer = watches_[static_cast<std::size_t>(sender)].quickest_answer();
    if (place == Vantage::kAtSender && answer < handshake_time().value_or(0) / kMuch)
        place = Vantage::kUnknown;
    if (place != Vantage::kAtReceiver && calls.away_from_sender()) place = Vantage::kMiddle;
    return {place, false};
}

bool Connection::add_event(Side recorded, const IoEvent& as_recorded, FrameNumber frame) {
    IoEvent event = as_recorded;
    own(sender_of(recorded, event.kind)).place(event, frame);
    own(recorded).writes().note_options(event);
    own(recorded).writes().note_refused(event, frame);
    if (event.kind == EventKind::kUnseenWrite) own(recorded).writes().note_unseen(event, frame);
    if (is_above_tls(event)) return add_upper(recorded, event, frame);
    if (event.layer == Layer::kKernelTls && event.taken() > 0) ++kernel_tls_calls_;
    CallLane* const lane = lane_of(recorded, event);
    if (lane == nullptr || !lane->add(event, frame)) return false;
    if (event.kind != EventKind::kWrite || clock_.missing()) return true;
    const CallRecord* call = lane->first(event.range());
    return !contradict(recorded, find_contradiction(stream(recorded), event.range(), *call));
}

bool Connection::contradict(Side sender, const std::optional<Contradiction>& found) {
    // By the clock of another host a packet may well have passed before it was written.
    if (!found || capture_points().several_clocks()) return false;
    own(sender).writes().contradict(*found);
    return true;
}

void Connection::remove_event(Side recorded, const IoEvent& event, FrameNumber frame) {
    if (event.layer == Layer::kKernelTls && event.taken() > 0) --kernel_tls_calls_;
    if (CallLane* const lane = lane_of(recorded, event))
        lane->remove(CallOffset{placed(recorded, event, frame).offset}, frame);
    own(sender_of(recorded, event.kind)).forget_place(frame);
}

CallLane* Connection::lane_of(Side recorded, const IoEvent& event) {
    // What one side reads the other has sent.
    if (is_above_tls(event)) {
        const bool writes = event.kind == EventKind::kUpperWrite;
        return &upper_lane(writes ? recorded : other(recorded), writes);
    }
    if (event.kind == EventKind::kWrite) return &own(recorded).writes();
    if (event.kind == EventKind::kRead) return &own(other(recorded)).reads();
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
    if (plain_) finish_plaintext();
}

void Connection::pass_on_switch(Side side) {
    if (const auto answered = own(side).take_switch()) own(other(side)).stop_after(*answered);
}

std::optional<bool> Connection::sends_requests(Side side) const {
    for (const Side of : {side, other(side)}) {
        const MessageIndex messages = stream(of).messages();
        if (!messages.empty()) return messages.front().is_request() == (of == side);
    }
    for (const Side of : {side, other(side)}) {
        const RecordFramer* records = stream(of).records();
        if (records != nullptr && records->hello() != nullptr)
            return records->hello()->client == (of == side);
    }
    if (carrier_ != nullptr) return carrier_->sends_requests(side);
    return std::nullopt;
}

std::uint16_t Connection::tls_version() const {
    for (const Stream& stream : streams_) {
        const RecordFramer* records = stream.records();
        if (records != nullptr && records->hello() != nullptr && !records->hello()->client)
            return records->hello()->version;
    }
    return 0;
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
    if (carrier_ != nullptr) return carrier_->max_payload(side, options_length);
    const auto peers = stream(other(side)).announced_mss();
    if (!peers) return std::nullopt;
    const std::uint32_t mss = std::min(*peers, stream(side).announced_mss().value_or(*peers));
    if (mss <= options_length) return std::nullopt;
    return mss - options_length;
}

}  // namespace seamark
