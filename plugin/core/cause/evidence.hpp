// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "core/base/inline_list.hpp"

namespace seamark {

/// What a verdict is based on. The numbers of each kind follow it, in their order; a kind
/// that names none has none. Times are in the unit that is named, sizes in bytes.
enum class EvidenceKind : std::uint8_t {
    // The kernel's state right after a write:
    kNotSent,           // bytes, write
    kAllSent,           // write: all its bytes were sent
    kNothingLeft,       // write: the kernel had nothing left to send
    kCallEndsHere,      // what the call sent ends with the segment
    kCorkOn,            // TCP_CORK
    kCorkedTail,        // TCP_CORK, and less than a packet was there
    kMoreOn,            // MSG_MORE
    kMoreTail,          // MSG_MORE, and less than a packet was there
    kWindowFull,        // packets in flight, congestion window in packets
    kPeerWindowFull,    // bytes in flight, bytes to send, window
    kDeviceQueue,       // bytes of memory of packets below TCP
    kAutocorkingOff,    // the same: tcp_autocorking was 0
    kQueueLimit,        // the same: as much as TCP lets wait there
    kNodelayOn,         // TCP_NODELAY
    kNodelayOff,        // TCP_NODELAY
    kNodelayUnknown,    // packets unacknowledged: whether NODELAY was on is not known
    kNagleHolds,        // packets unacknowledged: NODELAY was off and less than a packet was there
    kNoSmallInFlight,   // Minshall's condition for Nagle is not met
    kSmallInFlight,     // a segment below the MSS was unacknowledged
    kReleasedByAck,     // the bytes left right after an acknowledgement
    kLargerSegment,     // the kernel may wait for a larger super-segment
    kPacesUnderFqOnly,  // congestion control (CallLane's number): nothing else fits
    kPacingSet,         // KiB a second: SO_MAX_PACING_RATE was set
    kPacingUnknown,     // KiB a second: whether packets are paced is not known
    kControlPaces,      // KiB a second, congestion control (CallLane's number)
    kPacingGoesOn,      // KiB a second: what made TCP pace was taken off, which does not end it
    kPacingPauseOver,   // the pause that pacing makes was over
    kCorkChanged,       // TCP_CORK was changed before the bytes left
    kNodelayChanged,    // TCP_NODELAY likewise
    kBufferFull,        // bytes of memory queued, bytes of the send buffer's limit
    kBufferNotFull,     // the same
    // The call:
    kShort,             // bytes taken, bytes asked
    kLeftBeforeReturn,  // the segment was captured before the call returned
    kLeftAtReturn,      // it was captured as the call returned
    kLeftAfterReturn,   // µs
    kCopies,            // the call copies from a file or pipe, and ends with it
    kWouldNotBlock,     // the call was not to wait for room
    kRefusedNext,       // µs from its return to the next call, which was refused: EAGAIN
    kRefusedBefore,    // µs, write: a call that was refused (EAGAIN) was to send its bytes earlier
    kSeveralMessages,  // the call sends several messages
    kCallWaited,       // µs that the call took: it may have waited for room
    // The capture:
    kFullPackets,    // bytes, packets, bytes a packet: each of them full
    kPackets,        // bytes, packets, bytes a packet
    kSuperSegment,   // packets
    kEndsAtWindow,   // it ends where the peer's window does
    kFillsWindow,    // the peer's window is full with it
    kAfterAck,       // ns, bytes acknowledged, frame of the acknowledgement
    kStillInFlight,  // bytes
    kFin,
    kPsh,
    kNotPushed,           // less than a packet, without PSH
    kNoAckAwaited,        // it did not wait for an acknowledgement
    kDelayNotVisible,     // the capture point cannot show whether it was delayed
    kVantageGuessed,      // that it was taken at the sender is a guess from the handshake
    kSameIdentification,  // IP identification, TCP numbers and flags are those of an earlier packet
    kBuiltAnew,           // they are not
    kRepeatedAfter,       // µs from the first capture of its first byte
    kSmallInFlightNow,    // a segment below the MSS was in flight when it left
    kWithoutNagle,        // small segments had left with small ones in flight
    // The other leg of a proxy:
    kArrivedBefore,   // least µs, most µs, frame: its bytes had arrived at the sender
    kNextArrived,     // µs: the byte after them had arrived at the sender
    kBeforeItsWrite,  // write: the time is that from the arrival to this call
    // A read:
    kSegmentsRead,      // segments that carried its bytes
    kMoreSegmentsRead,  // the same, of which not all were looked at
    kQueuedBefore,      // µs from the first segment to the call
    kAskedFor,          // bytes
    kUnread,            // bytes
    kLowWaterMark,      // bytes
    kLargerThanPacket,  // bytes of the segment, bytes a packet
    kBetweenReads,      // µs from the read before
    // Of a verdict for several boundaries:
    kFirstOf,  // boundaries, first write, last write; what follows is of the first
};

struct Evidence {
    EvidenceKind kind = EvidenceKind::kNotSent;
    std::array<std::uint64_t, 3> numbers = {};
    friend bool operator==(const Evidence&, const Evidence&) = default;
};
/// A span of ns as evidence has it; 0 for less than none.
constexpr std::uint64_t microseconds(std::int64_t ns) {
    return ns > 0 ? static_cast<std::uint64_t>(ns / 1000) : 0;
}
/// More than any verdict has.
using EvidenceList = InlineList<Evidence, 16>;

}  // namespace seamark
