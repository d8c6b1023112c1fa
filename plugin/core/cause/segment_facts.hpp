// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

/// A write of the segment, in positions of the stream.
struct JudgedWrite {
    ByteRange range;
    const CallRecord* call;
    const KernelState* state;  // null: not recorded
};

/// What bears on a segment's boundaries, gathered once.
struct SegmentFacts {
    SegmentFacts(const Connection& of, Side sender, const Segment& which);

    const Connection& connection;
    Side side;
    const Stream& stream;
    const Segment& segment;
    const SendState* send_state;      // null: not noted
    const Segment* before;            // captured before it in its direction; null: none
    Viewpoint viewpoint;              // when it passed
    std::uint32_t packet;             // most payload of one packet; 0: not known
    std::vector<JudgedWrite> writes;  // that have bytes in it, in order

    /// Times of acknowledgements are those at which the sender had them.
    bool acknowledged_at_sender() const {
        return at_sender() && send_state != nullptr && !send_state->several_places;
    }
    bool at_sender() const { return viewpoint.at_sender(); }
    bool surely_at_sender() const { return viewpoint.surely_at_sender(); }
    std::uint32_t length() const { return segment.wire_length; }
    StreamOffset end() const { return segment.begin + segment.wire_length; }
    /// It ends where the peer's window does.
    bool fills_window() const {
        return send_state != nullptr && send_state->room == 0 && !send_state->behind;
    }
    /// It ends where a packet of at most `packet` bytes does.
    bool full_packets() const { return packet > 0 && length() > 0 && length() % packet == 0; }
    /// ns from the return of a call to the capture; negative: it had not returned yet.
    std::int64_t after(const CallRecord& call) const { return segment.time - call.left; }
    /// The first call after a write, where it was refused for want of room; null: it was not, or
    /// was not recorded. Nothing was added to the buffer in between.
    const RefusedWrite* refused_after(const JudgedWrite& write) const;
    /// The first refused call that was to send the write's first byte; null likewise.
    const RefusedWrite* refused_before(const JudgedWrite& write) const;
    /// It left right after an acknowledgement of earlier bytes; empty where the capture cannot
    /// show. False only where it was surely taken at the sender.
    std::optional<bool> released_by_ack() const;
    /// A segment below the MSS was not acknowledged at a moment before this segment left. False as
    /// above.
    std::optional<bool> small_in_flight_at(std::int64_t time) const;
    /// Bytes that left in one go, this segment being the last of them: what the kernel hands down
    /// as one may be captured as several.
    std::uint32_t burst_length(const Segment& last) const;
};

}  // namespace seamark
