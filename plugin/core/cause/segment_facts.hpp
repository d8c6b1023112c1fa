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
    const SendState* send_state;  // null: not noted
    const Segment* before;       // captured before it in its direction; null: none
    Vantage vantage;
    std::uint32_t packet;             // most payload of one packet; 0: not known
    std::vector<JudgedWrite> writes;  // that have bytes in it, in order

    bool at_sender() const { return vantage == Vantage::kAtSender || vantage == Vantage::kAtBoth; }
    std::uint32_t length() const { return segment.wire_length; }
    StreamOffset end() const { return segment.begin + segment.wire_length; }
    /// It ends where the peer's window does.
    bool fills_window() const {
        return send_state != nullptr && send_state->room == 0 && !send_state->behind;
    }
    /// It left right after an acknowledgement of earlier bytes; empty where the capture cannot
    /// tell.
    std::optional<bool> released_by_ack() const;
    /// A segment below the MSS was not acknowledged at a moment before this segment left.
    std::optional<bool> small_in_flight_at(std::int64_t time) const;
};

}  // namespace seamark
