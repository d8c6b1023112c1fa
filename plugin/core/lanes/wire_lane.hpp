// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/lanes/lanes.hpp"

namespace seamark {

/// A packet of at most the MSS, less the options of its segment, that a captured segment is on a
/// wire: a super-segment (TSO, GSO) becomes several, one that was joined on the way up (GRO) was
/// several. Computed, not captured.
struct WirePiece {
    ByteRange range;
    const Segment* segment = nullptr;
    std::uint32_t number = 0;  // among the segment's packets, from 1; 0: all of them, too many to
                               // be drawn apart
    std::uint32_t count = 0;   // the segment's packets
};

/// More packets of one segment than these are one piece: 64 KiB are 123 of the smallest MSS that
/// IPv4 hosts must take (RFC 9293 section 3.7.1).
constexpr std::uint32_t kMostWirePackets = 256;

/// The lane below that of the segments, in order of offset. Empty where no segment is more than one
/// packet, or the MSS is not known: then it says nothing that the segments do not.
std::vector<WirePiece> wire_lane(const Lanes& lanes);

namespace words {
std::string label(const WirePiece& piece);
std::string title(const Lanes& lanes, const WirePiece& piece);
}  // namespace words

}  // namespace seamark
