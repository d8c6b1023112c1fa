// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

/// Why a seam is where it is. The words (to_string) are values of seamark.segment.cause and
/// seamark.read.cause: they do not change once shipped.
enum class Cause : std::uint8_t {
    // Why bytes stayed in the kernel, or why a piece was cut off:
    kCork,            // TCP_CORK: no packet below the MSS leaves
    kMore,            // MSG_MORE: the same for one call
    kCwnd,            // as many packets in flight as the congestion window allows
    kRwnd,            // as many bytes as the peer's window allows
    kAutocork,        // packets still wait below TCP (autocork, TCP small queues)
    kNagle,           // a packet below the MSS waits until the one before it is acknowledged
    kPacing,          // the next packet is not due yet
    kMss,             // a packet holds no more
    kGso,             // a super-segment: several packets handed down as one
    kSendBuffer,      // the call took less than it was given
    kRetransmission,  // sent again, packed anew
    kWindowProbe,     // one byte, to ask whether a closed window has opened
    // Nothing held it:
    kWrite,  // it ends where a write ended
    kEnd,    // it ends where the stream ends (FIN)
    // A read:
    kWaited,    // several segments had come before the program asked
    kSlow,      // the program slept between reads while bytes were there
    kSize,      // it asked for so many bytes and no more
    kLowWater,  // SO_RCVLOWAT: not woken for less
    kGro,       // packets were joined below TCP before the capture saw them
    kSegment,   // it took what one segment had brought, at once
    kUnknown,
    kCount
};
std::string_view to_string(Cause cause);

enum class Confidence : std::uint8_t { kUnknown, kConsistent, kKnown };
std::string_view to_string(Confidence confidence);

/// What is explained.
enum class Seam : std::uint8_t {
    kWhole,  // the segment ends where a write ended, and left while the call was under way
    kHeld,   // the same, but it left only after the call had returned
    kMerge,  // writes that left together
    kCut,    // a write that goes on in a later segment
    kRead,   // where a read ended
};
std::string_view to_string(Seam seam);

/// A verdict never says more than its evidence carries. known: a state of the kernel was recorded
/// that leaves one cause; consistent: nothing speaks against the causes, the likeliest first;
/// unknown: causes is kUnknown alone, and the text says what is missing.
struct Verdict {
    Seam seam = Seam::kWhole;
    Confidence confidence = Confidence::kUnknown;
    std::vector<Cause> causes;
    std::uint64_t seams = 1;  // of this kind in this segment that have this verdict
    std::string text;         // a sentence for people
    std::vector<std::string> evidence;
};

/// Why the segment left when it did and ends where it ends: a verdict for the writes that it merges
/// or for what held it, and one for the write that it cuts. side: its sender.
std::vector<Verdict> judge_segment(const Connection& connection, Side side, const Segment& segment);

/// Why a read took what it took. range: of the call, in positions of the stream that it read.
Verdict judge_read(const Connection& connection, Side sender, ByteRange range,
                   const CallRecord& call);

/// "nagle", "cwnd or pacing": the causes of a verdict in one word or so.
std::string cause_words(const Verdict& verdict);

}  // namespace seamark
