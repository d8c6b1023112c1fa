// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/send_state.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// How far a is behind b; negative in front of it.
std::int32_t ahead(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(a - b);
}

}  // namespace

void SendWatch::open(const TcpHeader& syn) {
    if (any_ack_) return;
    opened_ = true;
    acked_ = static_cast<std::uint32_t>(syn.sequence) + 1;
}

SendState SendWatch::depart(const TcpHeader& header, std::uint32_t length, std::int64_t time,
                            std::uint32_t packet) {
    const auto begin = static_cast<std::uint32_t>(header.sequence) + (header.syn ? 1 : 0);
    const std::uint32_t end = begin + length;
    SendState send_state;
    send_state.psh = header.psh;
    send_state.fin = header.fin;
    if (any_ack_ || opened_) {
        send_state.acknowledged_all = sent_ && ahead(acked_, end) >= 0;
        if (any_ack_ && scale_known_) send_state.closed_window = ahead(edge_, begin) <= 0;
        const std::int32_t outstanding = sent_ ? ahead(next_, acked_) : 0;
        send_state.in_flight = static_cast<std::uint32_t>(
            std::max<std::int64_t>(0, std::int64_t{outstanding} - sacked_));
        send_state.small_in_flight = small_sent_ && ahead(small_end_, acked_) > 0;
        send_state.sacked = sacked_ > 0;
        if (any_ack_ && scale_known_)
            send_state.room = static_cast<std::uint32_t>(std::max(0, ahead(edge_, end)));
    }
    const std::int64_t since = time - ack_time_;
    if (ack_frame_ != FrameNumber::kNone && since >= 0 && since < SendState::kUnknown) {
        send_state.since_ack = static_cast<std::uint32_t>(since);
        send_state.acknowledged = last_acknowledged_;
        send_state.ack_frame = ack_frame_;
    }
    send_state.behind = sent_ && ahead(begin, next_) < 0;
    const bool fresh = !sent_ || ahead(end, next_) > 0;
    const bool small = packet > 0 && length % packet != 0;
    // One may be a probe for a lost tail; several are none. Acknowledgements pass the place of
    // capture before they reach the sender, so that this holds wherever it is.
    constexpr std::uint8_t kNoAccident = 3;
    if (fresh && small && !send_state.behind && !send_state.fin && send_state.small_in_flight &&
        send_state.in_flight > 0 && against_nagle_ < kNoAccident)
        ++against_nagle_;
    send_state.without_nagle = against_nagle_ >= kNoAccident;
    if (fresh) {
        next_ = end;
        sent_time_ = time;
    }
    sent_ = true;
    if (fresh && small) {
        small_sent_ = true;
        small_end_ = end;
    }
    return send_state;
}

void SendWatch::acknowledge(const TcpHeader& header, std::int64_t time, FrameNumber frame) {
    if (!header.ack || header.rst) return;
    const auto number = static_cast<std::uint32_t>(header.acknowledged);
    const std::int32_t forward = any_ack_ || opened_ ? ahead(number, acked_) : 0;
    if (any_ack_ && forward < 0) return;  // an older one, overtaken on its way
    if (forward > 0 && sent_) {
        if (number == next_ && time >= sent_time_)
            quickest_answer_ = std::min(quickest_answer_, time - sent_time_);
        ack_time_ = time;
        ack_frame_ = frame;
        last_acknowledged_ = static_cast<std::uint32_t>(forward);
    }
    any_ack_ = true;
    acked_ = number;
    sacked_ = header.sacked;
    // The window of a SYN is never scaled.
    edge_ = number + (std::uint32_t{header.window} << (header.syn ? 0 : scale_));
}

}  // namespace seamark
