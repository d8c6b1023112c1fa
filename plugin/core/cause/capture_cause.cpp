// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/capture_cause.hpp"

#include <algorithm>

namespace seamark {
namespace {

Verdict consistent(Boundary boundary, Finding finding, const CauseList& causes,
                   const EvidenceList& evidence) {
    return conclude({boundary, finding, Missing::kKernelState}, causes, false, evidence);
}

/// A program may always have had no more to write just there; Linux pushes what ends a write.
void perhaps_a_write(const SegmentFacts& facts, CauseList& causes) {
    if (facts.send_state->psh) causes.push_back(Cause::kWrite);
}

Verdict full(const SegmentFacts& facts) {
    const std::uint32_t packets = facts.length() / facts.packet;
    const EvidenceList size{{EvidenceKind::kPackets, {facts.length(), packets, facts.packet}}};
    CauseList causes =
        packets > 1 ? CauseList{Cause::kGso, Cause::kMss, Cause::kCwnd} : CauseList{Cause::kMss};
    perhaps_a_write(facts, causes);
    return consistent(Boundary::kCut, packets > 1 ? Finding::kFullPackets : Finding::kFullPacket,
                      causes, size);
}

/// Whether Nagle's algorithm may have kept the segment. It lets no small segment leave while
/// another one is in flight, wherever the capture was taken.
bool perhaps_nagle(const SendState& moment, EvidenceList& evidence) {
    const bool small = moment.small_in_flight && moment.in_flight > 0;
    if (small) evidence.push_back({EvidenceKind::kSmallInFlightNow});
    if (moment.without_nagle) evidence.push_back({EvidenceKind::kWithoutNagle});
    return !small && !moment.without_nagle;
}

/// Whether an acknowledgement may have released the segment, as seen from anywhere: not where
/// nothing was sent before, nor where all was acknowledged several round trips ago.
bool perhaps_released(const SegmentFacts& facts) {
    const SendState& moment = *facts.send_state;
    if (facts.before == nullptr) return false;
    if (moment.in_flight != 0) return true;
    constexpr std::int64_t kSlack = 5'000'000;
    constexpr std::int64_t kLongest = 1'000'000'000;
    const auto round_trip = facts.connection.handshake_time();
    const std::int64_t most =
        round_trip && *round_trip >= 0 ? std::min(kLongest, 4 * *round_trip + kSlack) : kLongest;
    return moment.since_ack != SendState::kUnknown && moment.since_ack <= most;
}

Verdict left_at_ack(const SegmentFacts& facts, EvidenceList evidence) {
    const SendState& moment = *facts.send_state;
    evidence.push_back(
        {EvidenceKind::kAfterAck,
         {moment.since_ack, moment.acknowledged, static_cast<std::uint32_t>(moment.ack_frame)}});
    evidence.push_back({EvidenceKind::kStillInFlight, {moment.in_flight}});
    if (!facts.surely_at_sender()) evidence.push_back({EvidenceKind::kVantageGuessed});
    CauseList causes = {Cause::kCwnd};
    if (perhaps_nagle(moment, evidence)) {
        if (moment.in_flight == 0)
            causes.push_front(Cause::kNagle);
        else
            causes.push_back(Cause::kNagle);
    }
    causes.push_back(Cause::kWrite);
    return consistent(Boundary::kHeld, Finding::kLeftAtAck, causes, evidence);
}

Verdict part(const SegmentFacts& facts) {
    const SendState& moment = *facts.send_state;
    EvidenceList evidence;
    if (facts.length() > facts.packet)
        evidence.push_back({EvidenceKind::kSuperSegment, {facts.length() / facts.packet + 1}});
    if (facts.released_by_ack() == true) return left_at_ack(facts, evidence);
    if (moment.psh || moment.fin) {
        evidence.push_back({moment.fin ? EvidenceKind::kFin : EvidenceKind::kPsh});
        evidence.push_back(
            {facts.at_sender() ? EvidenceKind::kNoAckAwaited : EvidenceKind::kDelayNotVisible});
        CauseList causes = {moment.fin ? Cause::kEnd : Cause::kWrite};
        if (!facts.at_sender() && !moment.fin && perhaps_released(facts)) {
            if (perhaps_nagle(moment, evidence)) causes.push_back(Cause::kNagle);
            causes.push_back(Cause::kCwnd);
        }
        return consistent(Boundary::kWhole, Finding::kNoMoreToSend, causes, evidence);
    }
    evidence.push_back({EvidenceKind::kNotPushed});
    return consistent(Boundary::kHeld, Finding::kNotPushed,
                      {Cause::kCork, Cause::kMore, Cause::kRwnd, Cause::kWrite}, evidence);
}

}  // namespace

Verdict judge_from_capture(const SegmentFacts& facts) {
    if (facts.send_state == nullptr)
        return conclude({Boundary::kWhole, Finding::kBeforeRecognition, Missing::kKernelState}, {},
                        false);
    if (facts.fills_window()) {
        if (facts.length() == 1 && facts.send_state->in_flight == 0)
            return consistent(Boundary::kHeld, Finding::kByteIntoClosedWindow,
                              {Cause::kWindowProbe}, {});
        CauseList causes = {Cause::kRwnd};
        perhaps_a_write(facts, causes);
        return consistent(Boundary::kCut, Finding::kEndsAtWindow, causes,
                          {{EvidenceKind::kFillsWindow}});
    }
    if (facts.packet == 0)
        return conclude(
            {Boundary::kWhole, Finding::kPacketSizeUnknown, Missing::kPacketSizeOrState}, {},
            false);
    if (facts.full_packets()) return full(facts);
    return part(facts);
}

}  // namespace seamark
