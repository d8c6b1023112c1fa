// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/segment_facts.hpp"

#include <algorithm>

namespace seamark {
SegmentFacts::SegmentFacts(const Connection& of, Side sender, const Segment& which)
    : connection(of),
      side(sender),
      stream(of.stream(sender)),
      segment(which),
      send_state(stream.lane().send_state(which)),
      before(stream.lane().before(which)),
      viewpoint(send_state != nullptr ? send_state->seen_from() : Viewpoint{}),
      packet(of.max_payload(sender, which.options_length()).value_or(0)) {
    stream.each_call(
        stream.writes(), segment.wire_range(), [&](ByteRange range, const CallRecord& call) {
            const KernelState* state = stream.writes().state(call);
            // What is sent may be bound to half the peer's window.
            if (state != nullptr && state->mss > 0 && (packet == 0 || state->mss < packet))
                packet = state->mss;
            writes.push_back({range, &call, state});
        });
}

const RefusedWrite* SegmentFacts::refused_after(const JudgedWrite& write) const {
    const auto calls = stream.call_range(write.range);
    const RefusedWrite* refused = calls ? stream.writes().refused_at(calls->end) : nullptr;
    // A first pass has not seen what follows the segment.
    return refused != nullptr && refused->entered >= write.call->left &&
                   refused->event < segment.frame
               ? refused
               : nullptr;
}

const RefusedWrite* SegmentFacts::refused_before(const JudgedWrite& write) const {
    const auto calls = stream.call_range(write.range);
    const RefusedWrite* refused = calls ? stream.writes().refused_at(calls->begin) : nullptr;
    return refused != nullptr && refused->left <= write.call->entered ? refused : nullptr;
}

std::optional<bool> SegmentFacts::released_by_ack() const {
    if (!acknowledged_at_sender()) return std::nullopt;
    constexpr std::int64_t kSoftware = 50'000;  // ns that a machine takes to answer by itself
    constexpr std::int64_t kMost = 2'000'000;
    std::int64_t soon = kSoftware;
    if (viewpoint.place == Vantage::kAtSender)
        soon = std::clamp(connection.handshake_time().value_or(0) / 4, kSoftware, kMost);
    if (send_state->since_ack != SendState::kUnknown && send_state->since_ack <= soon) return true;
    return surely_at_sender() ? std::optional(false) : std::nullopt;
}

std::optional<bool> SegmentFacts::small_in_flight_at(std::int64_t time) const {
    if (!at_sender() || send_state == nullptr || before == nullptr || packet == 0)
        return std::nullopt;
    const SendState* earlier = stream.lane().send_state(*before);
    if (before->time > time || earlier == nullptr) return std::nullopt;
    if (send_state->in_flight == SendState::kUnknown) return std::nullopt;
    const std::int64_t ack_time = segment.time - send_state->since_ack;
    const bool still_in_flight = send_state->in_flight > 0 ||
                                 (send_state->since_ack != SendState::kUnknown && ack_time > time);
    if (still_in_flight && before->wire_length % packet != 0) return true;
    if (!surely_at_sender() || !acknowledged_at_sender() ||
        (still_in_flight &&
         (earlier->small_in_flight || earlier->in_flight == SendState::kUnknown)))
        return std::nullopt;
    return false;
}

std::uint32_t SegmentFacts::burst_length(const Segment& last) const {
    constexpr std::int64_t kTogether = 100'000;  // ns
    constexpr std::uint32_t kSuperSegment = 65'536;
    std::uint32_t length = last.wire_length;
    const Segment* later = &last;
    while (length < kSuperSegment) {
        const Segment* earlier = stream.lane().before(*later);
        if (earlier == nullptr || later->time - earlier->time > kTogether) break;
        length += earlier->wire_length;
        later = earlier;
    }
    return length;
}

}  // namespace seamark
