// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/verdict_words.hpp"

#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"

namespace seamark::words {
namespace {

/// "203 ms ", "6 to 466 ms ", "up to 466 ms "
std::string held_for(const Verdict& verdict) {
    for (const Evidence& evidence : verdict.evidence) {
        if (evidence.kind != EvidenceKind::kArrivedBefore) continue;
        const std::uint64_t least = evidence.numbers[0] / 1000;
        const std::uint64_t most = evidence.numbers[1] / 1000;
        const std::string from = least == most ? "" : least == 0 ? "up to " : text(least) + " to ";
        return from + text(most) + " ms ";
    }
    return {};
}

std::string what(const Verdict& verdict) {
    const std::string write = "write " + text(verdict.subject);
    switch (verdict.finding) {
        case Finding::kWriteWaited:
            return "Bytes of " + write + " waited for those of the next";
        case Finding::kWritesJoinedLater:
            return "Bytes of " + write + " and the next were sent apart and joined";
        case Finding::kEndsInsideWrite:
            return "The segment ends inside " + write;
        case Finding::kLeftAfterCall:
            return "Bytes of " + write + " left after the call, alone";
        case Finding::kRestWaited:
            return "The rest of " + write + " stayed when the segment left";
        case Finding::kEndsWithWrite:
            return "The segment ends where " + write + " ended";
        case Finding::kSentAtOnce:
            return "The segment ends where " + write + " ended, sent at once";
        case Finding::kEndsWithShortWrite:
            return "The segment ends where " + write + " ended, which was short";
        case Finding::kGoesOnAfterWrite:
            return "The segment goes on after " + write;
        case Finding::kRepeatsAll:
            return "All its bytes were captured before";
        case Finding::kRepeatsSome:
            return "It repeats bytes and carries new ones";
        case Finding::kSamePacket:
            return "The same packet was captured before, at another place: nothing was sent again";
        case Finding::kLooksAlike:
            return "All its bytes were captured shortly before, in a packet like it";
        case Finding::kOldByte:
            return "One byte that was acknowledged before";
        case Finding::kOldByteAgain:
            return "One byte that was sent before, again into a window that is closed";
        case Finding::kBeforeRecognition:
            return "The segment passed before HTTP was recognised";
        case Finding::kByteIntoClosedWindow:
            return "One byte into a window that is closed";
        case Finding::kEndsAtWindow:
            return "The segment ends where the peer's window does";
        case Finding::kPacketSizeUnknown:
            return "The MSS is not known";
        case Finding::kFullPackets:
            return "Several full packets left as one segment";
        case Finding::kFullPacket:
            return "The segment is a full packet";
        case Finding::kLeftAtAck:
            return "The segment left when earlier bytes were acknowledged";
        case Finding::kNoMoreToSend:
            return "The segment ends where the sender had no more to send";
        case Finding::kNotPushed:
            return "The segment is less than a packet and was not pushed";
        case Finding::kHeldBySender:
            return "Its bytes were held " + held_for(verdict) + "by the proxy";
        case Finding::kMoreHadArrived:
            return "The segment ends where it does though the proxy had more";
        case Finding::kLeftOnArrival:
            return "The segment left when its bytes had reached the proxy";
        case Finding::kReadTook:
            return "Read " + text(verdict.subject) + " took " + text(verdict.bytes) + " bytes";
    }
    return {};
}

constexpr std::string_view kRecordState = "record the calls with the kernel's state";

std::string missing(Missing missing) {
    switch (missing) {
        case Missing::kNothing:
            return {};
        case Missing::kKernelState:
            return std::string(kRecordState);
        case Missing::kReadState:
            return "record the kernel's state after reads";
        case Missing::kEachWouldDo:
            return "each of them alone would have held it";
        case Missing::kContradiction:
            return "the kernel says that it had sent them apart";
        case Missing::kPacketSize:
            return "the MSS is not known";
        case Missing::kPacketSizeOrState:
            return "capture from the handshake on, or " + std::string(kRecordState);
        case Missing::kHowItWasCut:
            return "the kernel's state after the call does not show it";
        case Missing::kChanged:
            return "an option was changed while the bytes waited";
        case Missing::kVantage:
            return "a capture at the sender would show whether it waited";
        case Missing::kIdentification:
            return "the packets do not show whether they are one, captured twice";
        case Missing::kSuperSegmentSize:
            return "how large a super-segment may be is not recorded";
        case Missing::kNextCall:
            return "the call after it is not recorded";
        case Missing::kBytes:
            return "the capture does not have the bytes";
    }
    return {};
}

std::string plural(std::uint64_t number, const char* noun) {
    return text(number) + " " + noun + (number == 1 ? "" : "s");
}

/// "1448 bytes are 1 packet of 1448"
std::string packets(const Evidence& evidence, const char* full) {
    const auto& [length, count, each] = evidence.numbers;
    return text(length) + " bytes are " + text(count) + full + " packet" + (count > 1 ? "s" : "") +
           " of " + text(each);
}

/// "12.3 µs", of nanoseconds.
std::string microseconds(std::uint64_t ns) {
    return text(ns / 1000) + '.' + text(ns % 1000 / 100) + " µs";
}

std::string rate(std::uint64_t kib) {
    return "; the rate is " + text(kib) + " KiB a second";
}

}  // namespace

std::string sentence(const Verdict& verdict) {
    std::string out = what(verdict);
    if (verdict.confidence == Confidence::kUnknown)
        return out + "; why is not known: " + missing(verdict.missing);
    // That a write ended is said already where it is all that there is to say.
    const bool said = verdict.causes.size() == 1 && verdict.causes.front() == Cause::kWrite;
    const std::string phrases = said ? std::string() : cause_phrases(verdict.causes);
    if (!phrases.empty())
        out += (verdict.confidence == Confidence::kKnown ? ": " : ", consistent with ") + phrases;
    if (verdict.causes.size() > 1) out += "; not distinguishable: " + missing(verdict.missing);
    return out;
}

std::string sentence(const Evidence& evidence, const CallLane& writes) {
    const auto& [a, b, c] = evidence.numbers;
    switch (evidence.kind) {
        case EvidenceKind::kNotSent:
            return text(a) + " bytes were not sent when write " + text(b) + " had returned";
        case EvidenceKind::kAllSent:
            return "all bytes were sent when write " + text(a) + " had returned";
        case EvidenceKind::kNothingLeft:
            return "nothing was left to send when write " + text(a) + " had returned";
        case EvidenceKind::kCallEndsHere:
            return "what the call sent ends with this segment";
        case EvidenceKind::kCorkOn:
            return "TCP_CORK was on";
        case EvidenceKind::kCorkedTail:
            return "TCP_CORK was on, and less than a packet was there";
        case EvidenceKind::kMoreOn:
            return "the call had MSG_MORE";
        case EvidenceKind::kMoreTail:
            return "the call had MSG_MORE, and less than a packet was there";
        case EvidenceKind::kWindowFull:
            return text(a) + " packets in flight of a congestion window of " + text(b);
        case EvidenceKind::kPeerWindowFull:
            return text(a) + " bytes in flight and " + text(b) + " to send, the peer's window is " +
                   text(c);
        case EvidenceKind::kDeviceQueue:
            return "packets still waited below TCP (" + text(a) + " bytes of memory)";
        case EvidenceKind::kAutocorkingOff:
            return "packets still waited below TCP (" + text(a) +
                   " bytes of memory), and tcp_autocorking was 0: not autocork";
        case EvidenceKind::kQueueLimit:
            return text(a) + " bytes of memory below TCP are as much as it may let wait there";
        case EvidenceKind::kNodelayUnknown:
            return "whether TCP_NODELAY was on is not known, " + text(a) +
                   (a == 1 ? " packet was" : " packets were") + " unacknowledged";
        case EvidenceKind::kNodelayOn:
            return "TCP_NODELAY was on: not Nagle";
        case EvidenceKind::kNodelayOff:
            return "TCP_NODELAY was off";
        case EvidenceKind::kNagleHolds:
            return "TCP_NODELAY was off, " + text(a) + (a == 1 ? " packet was" : " packets were") +
                   " unacknowledged, less than a packet was there";
        case EvidenceKind::kNoSmallInFlight:
            return "no segment below the MSS was unacknowledged: Nagle would not wait";
        case EvidenceKind::kSmallInFlight:
            return "a segment below the MSS was unacknowledged";
        case EvidenceKind::kReleasedByAck:
            return "it left right after an acknowledgement";
        case EvidenceKind::kLargerSegment:
            return "the kernel may wait for room for a larger super-segment";
        case EvidenceKind::kPacesUnderFqOnly:
            return "nothing else fits; " + std::string(writes.congestion_name(a)) +
                   " paces only under the fq scheduler";
        case EvidenceKind::kPacingSet:
            return "SO_MAX_PACING_RATE was set: TCP paces" + rate(a);
        case EvidenceKind::kPacingUnknown:
            return "whether packets are paced is not known" + rate(a);
        case EvidenceKind::kControlPaces:
            return std::string(writes.congestion_name(b)) + " paces" + rate(a);
        case EvidenceKind::kPacingGoesOn:
            return "what made TCP pace was taken off, which does not end it" + rate(a);
        case EvidenceKind::kPacingPauseOver:
            return "the pause that pacing makes was over";
        case EvidenceKind::kCorkChanged:
            return "TCP_CORK was changed before the bytes left";
        case EvidenceKind::kNodelayChanged:
            return "TCP_NODELAY was changed before the bytes left";
        case EvidenceKind::kBufferFull:
            return "the send buffer was full (" + text(a) + " bytes of memory of " + text(b) + ")";
        case EvidenceKind::kBufferNotFull:
            return "the send buffer had room right after the call (" + text(a) +
                   " bytes of memory of " + text(b) + ")";
        case EvidenceKind::kShort:
            return "the call took " + text(a) + " of " + text(b) + " bytes";
        case EvidenceKind::kLeftBeforeReturn:
            return "it left before the call returned";
        case EvidenceKind::kLeftAtReturn:
            return "it left as the call returned";
        case EvidenceKind::kCopies:
            return "the call copies from a file or pipe, and ends with it";
        case EvidenceKind::kWouldNotBlock:
            return "the call was not to wait for room";
        case EvidenceKind::kRefusedNext:
            return "the next call, " + text(a) +
                   " µs later, took nothing (EAGAIN): the send buffer was full";
        case EvidenceKind::kRefusedBefore:
            return "the program tried to send write " + text(b) + " " + text(a) +
                   " µs before, and the send buffer was full (EAGAIN)";
        case EvidenceKind::kSeveralMessages:
            return "the call sends several messages";
        case EvidenceKind::kCallWaited:
            return "the call took " + text(a) + " µs: it may have waited for room";
        case EvidenceKind::kLeftAfterReturn:
            return "it left " + text(a) + " µs after the call had returned";
        case EvidenceKind::kFullPackets:
            return packets(evidence, " full");
        case EvidenceKind::kPackets:
            return packets(evidence, "");
        case EvidenceKind::kSuperSegment:
            return "a super-segment of " + text(a) + " packets";
        case EvidenceKind::kEndsAtWindow:
            return "it ends where the peer's window does";
        case EvidenceKind::kFillsWindow:
            return "the window is full with it";
        case EvidenceKind::kAfterAck:
            return "it left " + microseconds(a) + " after the acknowledgement of " + text(b) +
                   " bytes in frame " + text(c);
        case EvidenceKind::kStillInFlight:
            return text(a) + " bytes were in flight still";
        case EvidenceKind::kFin:
            return "FIN: the stream ends";
        case EvidenceKind::kPsh:
            return "PSH: the sender had no more";
        case EvidenceKind::kNotPushed:
            return "less than a packet, without PSH: the sender had more, or expected more";
        case EvidenceKind::kNoAckAwaited:
            return "it did not wait for an acknowledgement";
        case EvidenceKind::kDelayNotVisible:
            return "the capture point cannot show whether it was delayed";
        case EvidenceKind::kVantageGuessed:
            return "that the capture was taken at the sender is a guess from the handshake";
        case EvidenceKind::kSameIdentification:
            return "its IP identification, TCP numbers and flags are those of the earlier packet";
        case EvidenceKind::kBuiltAnew:
            return "it is another packet than the first with these bytes";
        case EvidenceKind::kRepeatedAfter:
            return text(a) + " µs after its first byte was captured";
        case EvidenceKind::kSmallInFlightNow:
            return "a segment below the MSS was in flight when it left: not Nagle";
        case EvidenceKind::kWithoutNagle:
            return "segments below the MSS had left with such segments in flight: not Nagle";
        case EvidenceKind::kArrivedBefore:
            return "its bytes had reached the proxy " +
                   (a == b ? text(a) : text(a) + " to " + text(b)) +
                   " µs before, the last of them in frame " + text(c);
        case EvidenceKind::kNextArrived:
            return "the byte after it had reached the proxy " + text(a) + " µs before it left";
        case EvidenceKind::kBeforeItsWrite:
            return "that is before write " + text(a) +
                   " was called: the program had them, not the kernel";
        case EvidenceKind::kSegmentsRead:
            return plural(a, "segment") + " had carried them";
        case EvidenceKind::kMoreSegmentsRead:
            return plural(a, "segment") + " had carried them, and more that were not looked at";
        case EvidenceKind::kQueuedBefore:
            return "the first had arrived " + text(a) + " µs before the call";
        case EvidenceKind::kAskedFor:
            return "the call asked for no more than " + text(a);
        case EvidenceKind::kUnread:
            return text(a) + " bytes were left unread";
        case EvidenceKind::kLowWaterMark:
            return "SO_RCVLOWAT is " + text(a);
        case EvidenceKind::kLargerThanPacket:
            return "the segment has " + text(a) + " bytes where a packet holds " + text(b);
        case EvidenceKind::kBetweenReads:
            return text(a) + " µs lay between this read and the one before";
        case EvidenceKind::kFirstOf:
            return text(a) + " of the boundaries from write " + text(b) + " to write " + text(c) +
                   "; evidence for the first:";
    }
    return {};
}

}  // namespace seamark::words
