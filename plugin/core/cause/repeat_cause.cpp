// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/repeat_cause.hpp"

#include "core/stream/overlay.hpp"

namespace seamark {
namespace {

Verdict none(Finding finding, const CauseList& causes, bool sure, const EvidenceList& evidence) {
    return conclude({Boundary::kNone, finding, Missing::kIdentification}, causes, sure, evidence);
}

/// One byte that was sent before, where the connection rests or the window is closed.
std::optional<Verdict> judge_old_byte(const Segment& original, const Segment& segment,
                                      const SendState& moment) {
    if (segment.wire_length != 1 || moment.sacked) return std::nullopt;
    if (moment.acknowledged_all && original.wire_length > 1 && moment.in_flight == 0) {
        // Sent again at once, it may have crossed its acknowledgement.
        constexpr std::uint32_t kRest = 1'000'000'000;
        const bool rested = moment.since_ack >= kRest;
        return none(Finding::kOldByte,
                    rested ? CauseList{Cause::kKeepAlive}
                           : CauseList{Cause::kKeepAlive, Cause::kRetransmission},
                    false, {});
    }
    if (moment.closed_window && !moment.acknowledged_all)
        return none(Finding::kOldByteAgain, {Cause::kWindowProbe, Cause::kRetransmission}, false,
                    {});
    return std::nullopt;
}

}  // namespace

Verdict judge_repeat(const Stream& stream, const Segment& segment) {
    // A copy of a whole capture is no later than this.
    constexpr std::int64_t kSoon = 100'000'000;
    const SendState* moment = stream.lane().send_state(segment);
    const Segment* original = Overlay(stream).first_segment_with(segment.begin);
    const Repeat repeat = moment != nullptr ? moment->repeat : Repeat::kNotSeen;
    if (repeat == Repeat::kSamePacket)
        return none(Finding::kSamePacket, {Cause::kDuplicate}, true,
                    {{EvidenceKind::kSameIdentification}});
    if (repeat == Repeat::kOtherPoint)
        return none(Finding::kSamePacket, {Cause::kDuplicate}, false, {});
    if (moment != nullptr && original != nullptr)
        if (const auto verdict = judge_old_byte(*original, segment, *moment)) return *verdict;
    const bool anew =
        repeat == Repeat::kSentAgain ||
        (repeat == Repeat::kNotSeen && original != nullptr &&
         (original->begin != segment.begin || original->wire_length != segment.wire_length));
    EvidenceList evidence;
    if (anew) evidence.push_back({EvidenceKind::kBuiltAnew});
    const std::int64_t later = original != nullptr ? segment.time - original->time : 0;
    if (later > 0)
        evidence.push_back(
            {EvidenceKind::kRepeatedAfter, {static_cast<std::uint64_t>(later / 1000)}});
    if (anew || later >= kSoon)
        return conclude({Boundary::kCut, Finding::kRepeatsAll}, {Cause::kRetransmission}, anew,
                        evidence);
    return conclude({Boundary::kCut, Finding::kLooksAlike, Missing::kIdentification},
                    {Cause::kRetransmission, Cause::kDuplicate}, false, evidence);
}

}  // namespace seamark
