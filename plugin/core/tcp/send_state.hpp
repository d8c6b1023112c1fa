// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/byte_range.hpp"
#include "core/tcp/copy_watch.hpp"
#include "core/tcp/tcp_header.hpp"
#include "core/tcp/vantage.hpp"

namespace seamark {

/// What the capture knew of a direction when one of its segments passed, as far as it bears on why
/// the segment left then and reached that far. 24 bytes.
struct SendState {
    static constexpr std::uint32_t kUnknown = ~std::uint32_t{0};

    std::uint32_t in_flight = kUnknown;  // bytes that had passed and were not acknowledged, SACKed
                                         // ones aside; kUnknown where neither the SYN nor an
                                         // acknowledgement has passed
    std::uint32_t room = kUnknown;       // bytes from its end to the edge of the peer's window; 0
                                         // also where it is behind it; kUnknown: no window known
    std::uint32_t since_ack = kUnknown;  // ns since bytes were acknowledged last; kUnknown: never,
                                         // or longer ago than 4 s
    std::uint32_t acknowledged = 0;      // bytes that this acknowledgement was for
    FrameNumber ack_frame = FrameNumber::kNone;  // it came in this frame
    bool psh : 1 = false;
    bool fin : 1 = false;
    bool small_in_flight : 1 = false;   // a segment below the MSS was among the bytes in flight
    bool behind : 1 = false;            // it begins in front of bytes that had passed
    bool sacked : 1 = false;            // the peer had bytes after a hole
    bool acknowledged_all : 1 = false;  // all bytes up to its last were acknowledged before
    bool closed_window : 1 = false;     // the peer's window ended at its first byte, or before
    bool without_nagle : 1 = false;     // small segments had left with small ones in flight
    bool several_places : 1 = false;    // packets of the connection were captured at more than one
                                        // place: acknowledgements, too, are seen a way off
    Repeat repeat : 3 = Repeat::kNotSeen;
    bool viewpoint_known : 1 = false;
    Vantage viewpoint : 3 = Vantage::kUnknown;
    std::uint8_t point = 0;  // of CapturePoints: where the segment was captured

    /// Where the capture was taken, as far as was known when the segment passed.
    Viewpoint seen_from() const { return {viewpoint, viewpoint_known}; }
    void note_viewpoint(const Viewpoint& from) {
        viewpoint = from.place;
        viewpoint_known = from.known;
    }
};

/// Follows one direction of a connection online: what was sent, and what the other side
/// acknowledged and allowed. Offsets are raw sequence numbers here and all arithmetic is modulo
/// 2^32 (RFC 9293 section 3.4). O(1) memory and steps.
class SendWatch {
  public:
    /// The direction's SYN: nothing is acknowledged. Data may follow it, or be in it, before any
    /// acknowledgement (TCP Fast Open, RFC 7413).
    void open(const TcpHeader& syn);
    /// A segment of the direction, with payload. packet: most payload of one packet; 0: not known.
    SendState depart(const TcpHeader& header, std::uint32_t length, std::int64_t time,
                     std::uint32_t packet);
    /// The shortest time from a segment to the acknowledgement that covered it as the last; ns,
    /// kNoAnswer before there was one.
    std::int64_t quickest_answer() const { return quickest_answer_; }
    static constexpr std::int64_t kNoAnswer = std::numeric_limits<std::int64_t>::max();
    /// A segment of the other direction.
    void acknowledge(const TcpHeader& header, std::int64_t time, FrameNumber frame);
    /// Both SYNs were seen: windows are to be shifted by so many bits (RFC 7323 section 2.3).
    void scale_windows(std::uint8_t bits) {
        scale_ = bits;
        scale_known_ = true;
    }

  private:
    std::uint32_t next_ = 0;       // one past the highest byte sent
    std::uint32_t acked_ = 0;      // one past the highest byte acknowledged
    std::uint32_t edge_ = 0;       // of the peer's window
    std::uint32_t small_end_ = 0;  // one past the last segment below the MSS
    std::uint32_t sacked_ = 0;     // bytes
    std::uint32_t last_acknowledged_ = 0;
    std::int64_t ack_time_ = 0;  // of the last that was for bytes
    FrameNumber ack_frame_ = FrameNumber::kNone;
    std::uint8_t scale_ = 0;
    bool scale_known_ = false;
    bool sent_ = false;
    bool opened_ = false;  // its SYN has passed: acked_ is known from then on
    bool any_ack_ = false;
    bool small_sent_ = false;
    std::uint8_t against_nagle_ = 0;  // small segments that left with a small one in flight
    std::int64_t sent_time_ = 0;      // of the last that carried new bytes
    std::int64_t quickest_answer_ = kNoAnswer;
};

}  // namespace seamark
