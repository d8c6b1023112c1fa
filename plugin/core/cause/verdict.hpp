// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/base/inline_list.hpp"
#include "core/cause/evidence.hpp"

namespace seamark {

/// Why a boundary is where it is.
enum class Cause : std::uint8_t {
    // Why bytes stayed in the kernel, or why a piece was cut off:
    kCork,            // TCP_CORK: no packet below the MSS leaves
    kMore,            // MSG_MORE: the same for one call
    kCwnd,            // as many packets in flight as the congestion window allows
    kRwnd,            // as many bytes as the peer's window allows
    kAutocork,        // packets still wait below TCP: more may join what is not full (autocork)
    kSmallQueue,      // packets still wait below TCP: as many as TCP lets wait (small queues)
    kNagle,           // a packet below the MSS waits until the one before it is acknowledged
    kPacing,          // the next packet is not due yet
    kMss,             // a packet holds no more
    kGso,             // a super-segment: several packets handed down as one
    kSendBuffer,      // the buffer was full: the call took less, or waited with the rest
    kSource,          // the file or pipe that the call copied from had no more
    kMessage,         // one of the messages of a call ended there
    kProxy,           // the sender had them from its own server, and kept them
    kQueue,           // TCP had released it, and a queue below held it (scheduler, device)
    kRetransmission,  // sent again, packed anew
    kDuplicate,       // the same packet, captured at another place
    kKeepAlive,       // an old byte, to ask whether the peer is there
    kWindowProbe,     // one byte, to ask whether a closed window has opened
    // Nothing held it:
    kWrite,  // it ends where a write ended
    kEnd,    // it ends where the stream ends (FIN)
    // A read:
    kWaited,    // several segments were queued before the program asked
    kSlow,      // the program slept between reads while bytes were there
    kSize,      // it asked for so many bytes and no more
    kLowWater,  // SO_RCVLOWAT: not woken for less
    kGro,       // packets were joined below TCP before the capture saw them
    kSegment,   // it took what one segment had carried, at once
    kUnknown,
};
/// The likeliest first. As many as can apply to one boundary fit.
using CauseList = InlineList<Cause, 8>;

enum class Confidence : std::uint8_t { kUnknown, kConsistent, kKnown };

/// What is explained.
enum class Boundary : std::uint8_t {
    kWhole,  // the segment ends where a write ended, and left while the call was under way
    kHeld,   // the same, but it left only after the call had returned
    kMerge,  // writes that left together
    kCut,    // a write that goes on in a later segment
    kRest,   // why what is left of that write did not leave at once
    kRead,   // where a read ended
    kNone,   // it is none: no byte of the segment is new
};

/// What was found at the boundary, before the question why.
enum class Finding : std::uint8_t {
    // From recorded calls; the verdict's subject is the write:
    kWriteWaited,         // its bytes waited for those of the next
    kWritesJoinedLater,   // its bytes and those of the next were sent apart
    kEndsInsideWrite,     // the segment ends inside it
    kRestWaited,          // what the segment has not of it waited
    kLeftAfterCall,       // its bytes left after the call, alone
    kEndsWithWrite,       // the segment ends where it ended
    kSentAtOnce,          // the same, and it was captured at once
    kEndsWithShortWrite,  // the same; the call took less than it was given
    kGoesOnAfterWrite,    // the segment goes on after it
    // From the capture alone:
    kRepeatsAll,         // all bytes of the segment were captured before
    kRepeatsSome,        // some were
    kSamePacket,         // the packet was captured before, at another place
    kLooksAlike,         // a packet like it was captured shortly before
    kOldByte,            // one byte, acknowledged before
    kOldByteAgain,       // one byte that was sent before, into a closed window
    kBeforeRecognition,  // the segment passed before HTTP was recognised
    kByteIntoClosedWindow,
    kEndsAtWindow,       // the segment ends where the peer's window does
    kPacketSizeUnknown,  // the MSS is not known
    kFullPackets,        // several full packets left as one segment
    kFullPacket,         // the segment is a full packet
    kLeftAtAck,          // the segment left when earlier bytes were acknowledged
    kNoMoreToSend,       // the segment ends where the sender had no more to send
    kNotPushed,          // the segment is less than a packet and was not pushed
    // From the other leg of a proxy:
    kHeldBySender,    // its bytes had arrived at the sender long before
    kMoreHadArrived,  // the sender had more than the segment carries
    kLeftOnArrival,   // the segment left when its bytes had arrived at the sender
    // The verdict's subject is the read, its bytes what the read took:
    kReadTook,
};

/// What would show more, where the causes are several or none.
enum class Missing : std::uint8_t {
    kNothing,
    kKernelState,        // of the writes
    kReadState,          // the kernel's state after reads
    kEachWouldDo,        // each cause alone would have had this effect
    kContradiction,      // the kernel says that it had sent them apart
    kPacketSize,         // the MSS
    kPacketSizeOrState,  // the handshake, or the kernel's state
    kHowItWasCut,        // the state is there; it does not show this
    kChanged,            // an option was changed while the bytes waited
    kVantage,            // where the capture was taken
    kIdentification,     // what shows a copy from a retransmission
    kSuperSegmentSize,   // how large a super-segment may be
    kNextCall,           // the call after it was not recorded
    kBytes,              // the capture does not have the bytes
};

/// Facts about one boundary; sentences are made of it elsewhere (core/report).
///
/// A verdict never says more than its evidence carries. known: a state of the kernel was recorded
/// that leaves one cause; consistent: nothing speaks against the causes; unknown: the only cause is
/// kUnknown, and missing says what would show.
struct Verdict {
    Boundary boundary = Boundary::kWhole;
    Confidence confidence = Confidence::kUnknown;
    Finding finding = Finding::kEndsWithWrite;
    Missing missing = Missing::kNothing;
    CauseList causes = {Cause::kUnknown};
    std::uint64_t subject = 0;     // index of a write or read; 0: the finding is about none
    std::uint64_t bytes = 0;       // of kReadTook
    std::uint64_t boundaries = 1;  // of this kind in this segment that have this verdict
    EvidenceList evidence;
};

/// What a verdict is about and what would show more.
struct Question {
    Boundary boundary;
    Finding finding;
    Missing missing = Missing::kNothing;
    std::uint64_t subject = 0;
    std::uint64_t bytes = 0;
};

/// Makes a verdict of causes: unknown without any; known with one that is sure.
Verdict conclude(const Question& question, const CauseList& causes, bool sure,
                 const EvidenceList& evidence = {});

}  // namespace seamark
