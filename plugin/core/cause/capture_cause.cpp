// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/capture_cause.hpp"

namespace seamark {
namespace {

Verdict consistent(Boundary boundary, Finding finding, const CauseList& causes,
                   const EvidenceList& evidence) {
    return conclude({boundary, finding, Missing::kKernelState}, causes, false, evidence);
}

Verdict full(const SegmentFacts& facts) {
    const std::uint32_t packets = facts.length() / facts.packet;
    const EvidenceList size{{EvidenceKind::kPackets, {facts.length(), packets, facts.packet}}};
    if (packets > 1)
        return consistent(Boundary::kCut, Finding::kFullPackets, {Cause::kGso, Cause::kCwnd}, size);
    return consistent(Boundary::kCut, Finding::kFullPacket, {Cause::kMss}, size);
}

Verdict part(const SegmentFacts& facts) {
    const SendState& moment = *facts.send_state;
    EvidenceList evidence;
    if (facts.packet > 0 && facts.length() > facts.packet)
        evidence.push_back({EvidenceKind::kSuperSegment, {facts.length() / facts.packet + 1}});
    if (facts.released_by_ack() == true) {
        evidence.push_back({EvidenceKind::kAfterAck,
                            {moment.since_ack, moment.acknowledged,
                             static_cast<std::uint32_t>(moment.ack_frame)}});
        evidence.push_back({EvidenceKind::kStillInFlight, {moment.in_flight}});
        const bool drained = moment.in_flight == 0;
        return consistent(Boundary::kHeld, Finding::kLeftAtAck,
                          drained ? CauseList{Cause::kNagle, Cause::kCwnd, Cause::kWrite}
                                  : CauseList{Cause::kCwnd, Cause::kNagle},
                          evidence);
    }
    if (moment.psh || moment.fin) {
        evidence.push_back({moment.fin ? EvidenceKind::kFin : EvidenceKind::kPsh});
        evidence.push_back(
            {facts.at_sender() ? EvidenceKind::kNoAckAwaited : EvidenceKind::kDelayNotVisible});
        return consistent(Boundary::kWhole, Finding::kNoMoreToSend,
                          {moment.fin ? Cause::kEnd : Cause::kWrite}, evidence);
    }
    evidence.push_back({EvidenceKind::kNotPushed});
    return consistent(Boundary::kHeld, Finding::kNotPushed,
                      {Cause::kCork, Cause::kMore, Cause::kRwnd}, evidence);
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
        return consistent(Boundary::kCut, Finding::kEndsAtWindow, {Cause::kRwnd},
                          {{EvidenceKind::kFillsWindow}});
    }
    if (facts.packet == 0)
        return conclude(
            {Boundary::kWhole, Finding::kPacketSizeUnknown, Missing::kPacketSizeOrState}, {},
            false);
    if (facts.length() % facts.packet == 0) return full(facts);
    return part(facts);
}

}  // namespace seamark
