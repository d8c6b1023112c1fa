// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/segment_cause.hpp"

#include <algorithm>
#include <utility>

#include "core/cause/capture_cause.hpp"
#include "core/cause/send_delay.hpp"

namespace seamark {
namespace {

/// What was known of a write whose bytes left after its call.
DelayedWrite delayed_write(const SegmentFacts& facts, const JudgedWrite& write) {
    DelayedWrite held;
    held.call = write.call;
    held.state = write.state;
    held.options = facts.stream.writes().options_at(write.call->left);
    held.small_in_flight = facts.small_in_flight_at(write.call->left);
    held.released_by_ack = facts.released_by_ack();
    if (facts.at_sender() && facts.before != nullptr && facts.before->time <= write.call->left) {
        held.rested_ns = write.call->left - facts.before->time;
        held.last_length = facts.before->wire_length;
    }
    return held;
}

Missing missing_for(const JudgedWrite& write) {
    return write.state == nullptr ? Missing::kKernelState : Missing::kEachWouldDo;
}

/// Why a write's last bytes were still in the kernel when the next write came.
Verdict judge_merge(const SegmentFacts& facts, const JudgedWrite& write) {
    Question question{Boundary::kMerge, Finding::kWriteWaited, missing_for(write),
                      write.call->index};
    if (write.state != nullptr && write.state->not_sent == 0) {
        const EvidenceList evidence{{EvidenceKind::kAllSent, {write.call->index}}};
        if (facts.vantage == Vantage::kAtSender) {
            question.missing = Missing::kContradiction;
            return conclude(question, {}, false, evidence);
        }
        question.finding = Finding::kWritesJoinedLater;
        return conclude(question, {Cause::kGro}, false, evidence);
    }
    const DelayedWrite held = delayed_write(facts, write);
    SendDelay found = find_send_delay(held);
    const bool nodelay =
        write.call->flags & EventFlags::kOptionsKnown && write.call->flags & EventFlags::kNodelay;
    if (write.state == nullptr && found.causes.empty() && nodelay) {
        if (held.released_by_ack == true)
            found.causes = {Cause::kCwnd, Cause::kRwnd};
        else if (facts.at_sender())
            found.causes = {Cause::kAutocork, Cause::kPacing, Cause::kCwnd};
    }
    return conclude(question, found.causes, found.sure, found.evidence);
}

/// Why a segment ends in the middle of a write.
Verdict judge_cut(const SegmentFacts& facts, const JudgedWrite& write) {
    Question question{Boundary::kCut, Finding::kEndsInsideWrite, missing_for(write),
                      write.call->index};
    const KernelState* state = write.state;
    SendDelay stopped;  // why the call itself stopped where the segment ends
    if (state != nullptr && state->not_sent > 0 &&
        saturating_add(facts.end(), state->not_sent) == write.range.end) {
        stopped = find_send_delay(delayed_write(facts, write));
        stopped.evidence.push_back({EvidenceKind::kCallEndsHere});
    }
    if (!stopped.sure && facts.fills_window())
        return conclude(question, {Cause::kRwnd}, false, {{EvidenceKind::kEndsAtWindow}});
    if (!stopped.causes.empty())
        return conclude(question, stopped.causes, stopped.sure, stopped.evidence);
    if (facts.packet == 0 || facts.length() % facts.packet != 0) {
        question.missing = facts.packet == 0 ? Missing::kPacketSize : Missing::kKernelState;
        return conclude(question, {}, false);
    }
    const std::uint32_t packets = facts.length() / facts.packet;
    const EvidenceList evidence{
        {EvidenceKind::kFullPackets, {facts.length(), packets, facts.packet}}};
    // Of one packet, too: a sender with offload may well have stopped there for another reason.
    question.missing = Missing::kSuperSegmentSize;
    if (packets > 1)
        return conclude(question, {Cause::kGso, Cause::kCwnd, Cause::kPacing}, false, evidence);
    return conclude(question, {Cause::kMss}, false, evidence);
}

/// The segment ends where its only (or last) write ends.
Verdict judge_whole(const SegmentFacts& facts, const JudgedWrite& write) {
    const CallRecord& call = *write.call;
    const bool timed = facts.at_sender();
    const bool later = timed && facts.segment.time > call.left;
    const bool unsent = write.state != nullptr && write.state->not_sent > 0;
    if (unsent || (write.state == nullptr && later)) {
        SendDelay found = find_send_delay(delayed_write(facts, write));
        if (later)
            found.evidence.push_back(
                {EvidenceKind::kLeftAfterReturn,
                 {static_cast<std::uint64_t>((facts.segment.time - call.left) / 1000)}});
        return conclude(
            {Boundary::kHeld, Finding::kLeftAfterCall, missing_for(write), call.index},
            found.causes, found.sure, found.evidence);
    }
    EvidenceList evidence;
    if (write.state != nullptr)
        evidence.push_back({EvidenceKind::kNothingLeft, {call.index}});
    else
        evidence.push_back(
            {timed ? EvidenceKind::kLeftBeforeReturn : EvidenceKind::kDelayNotVisible});
    if (call.taken < call.requested) {
        evidence.push_back({EvidenceKind::kShort, {call.taken, call.requested}});
        return conclude({Boundary::kWhole, Finding::kEndsWithShortWrite, Missing::kNothing,
                         call.index},
                        {Cause::kSendBuffer}, true, evidence);
    }
    return conclude({Boundary::kWhole, Finding::kEndsWithWrite, Missing::kNothing, call.index},
                    {Cause::kWrite}, write.state != nullptr, evidence);
}

bool same(const Verdict& a, const Verdict& b) {
    return a.boundary == b.boundary && a.confidence == b.confidence && a.causes == b.causes;
}

/// A verdict for each kind of merge between neighbouring writes; several boundaries share one.
std::vector<Verdict> judge_merges(const SegmentFacts& facts) {
    std::vector<Verdict> verdicts;
    std::vector<std::uint64_t> last_of;  // of each verdict, the last write that it is for
    for (std::size_t i = 0; i + 1 < facts.writes.size(); ++i) {
        Verdict verdict = judge_merge(facts, facts.writes[i]);
        const std::uint64_t next = facts.writes[i + 1].call->index;
        const auto there = std::find_if(verdicts.begin(), verdicts.end(),
                                        [&](const Verdict& v) { return same(v, verdict); });
        if (there == verdicts.end()) {
            verdicts.push_back(verdict);
            last_of.push_back(next);
        } else {
            ++there->boundaries;
            last_of[static_cast<std::size_t>(there - verdicts.begin())] = next;
        }
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        Verdict& verdict = verdicts[i];
        if (verdict.boundaries > 1)
            verdict.evidence.push_front(
                {EvidenceKind::kFirstOf, {verdict.boundaries, verdict.subject, last_of[i]}});
    }
    return verdicts;
}

std::vector<Verdict> judge_writes(const SegmentFacts& facts) {
    std::vector<Verdict> verdicts = judge_merges(facts);
    const JudgedWrite& last = facts.writes.back();
    if (last.range.end > facts.end()) {
        verdicts.push_back(judge_cut(facts, last));
    } else if (verdicts.empty() && last.range.end < facts.end()) {
        verdicts.push_back(conclude({Boundary::kWhole, Finding::kGoesOnAfterWrite,
                                     Missing::kNextCall, last.call->index},
                                    {}, false));
    } else if (verdicts.empty()) {
        verdicts.push_back(judge_whole(facts, last));
    }
    return verdicts;
}

}  // namespace

std::vector<Verdict> judge_segment(const Connection& connection, Side side,
                                   const Segment& segment) {
    if (segment.retransmission() || segment.repeats)
        return {conclude({Boundary::kCut, segment.retransmission() ? Finding::kRepeatsAll
                                                                   : Finding::kRepeatsSome},
                         {Cause::kRetransmission}, segment.retransmission())};
    const SegmentFacts facts(connection, side, segment);
    if (facts.writes.empty()) return {judge_from_capture(facts)};
    return judge_writes(facts);
}

}  // namespace seamark
