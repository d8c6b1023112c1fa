// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/segment_cause.hpp"

#include <algorithm>
#include <utility>

#include "core/cause/capture_cause.hpp"
#include "core/cause/repeat_cause.hpp"
#include "core/cause/send_delay.hpp"
#include "core/cause/short_write.hpp"

namespace seamark {
namespace {

constexpr std::int64_t kNoise = 100'000;  // ns by which a machine captures later than it sends
constexpr std::int64_t kLate = 1'000'000;

/// `last` was captured as the last segment before the call returned.
void note_last(const SegmentFacts& facts, const Segment& last, DelayedWrite& held) {
    if (!facts.surely_at_sender() || last.time > held.call->left) return;
    held.rested_ns = held.call->left - last.time;
    held.last_time = last.time;
    held.last_length = facts.burst_length(last);
}

/// What was known of a write whose bytes left after its call. until: when they were still there, ns
/// since 1970.
DelayedWrite delayed_write(const SegmentFacts& facts, const JudgedWrite& write,
                           std::int64_t until) {
    const CallLane& writes = facts.stream.writes();
    const std::int64_t left = write.call->left;
    DelayedWrite held;
    held.call = write.call;
    held.state = write.state;
    held.options = writes.options_at(left);
    held.cork_changed = writes.cork_changes(left, until);
    held.nodelay_changed = writes.nodelay_changes(left, until);
    held.small_in_flight = facts.small_in_flight_at(left);
    held.released_by_ack = facts.released_by_ack();
    if (facts.before != nullptr) note_last(facts, *facts.before, held);
    return held;
}

/// The same of what is left of a write that the segment cuts: the segment itself went before it,
/// and is not acknowledged where anything is not.
DelayedWrite delayed_rest(const SegmentFacts& facts, const JudgedWrite& write) {
    DelayedWrite held = delayed_write(facts, write, write.call->left);
    held.released_by_ack = {};
    if (facts.packet == 0) {
        held.small_in_flight = {};
    } else if (!facts.full_packets()) {
        held.small_in_flight = true;
    }
    held.rested_ns = {};
    note_last(facts, facts.segment, held);
    return held;
}

/// Of bytes that left with this segment: what takes an option off sends them in the same moment.
DelayedWrite delayed_write(const SegmentFacts& facts, const JudgedWrite& write) {
    return delayed_write(facts, write,
                         facts.at_sender() ? facts.segment.time - kNoise : write.call->left);
}

Missing missing_for(const JudgedWrite& write, const SendDelay& found) {
    if (found.changed) return Missing::kChanged;
    return write.state == nullptr ? Missing::kKernelState : Missing::kEachWouldDo;
}

bool has_nodelay(const CallRecord& call) {
    return (call.flags & EventFlags::kOptionsKnown) != 0 &&
           (call.flags & EventFlags::kNodelay) != 0;
}

/// Causes that nothing excludes, where the kernel's state was not recorded and no option holds.
CauseList without_state(const SegmentFacts& facts) {
    if (facts.released_by_ack() == true) return {Cause::kCwnd, Cause::kRwnd};
    if (facts.at_sender()) return {Cause::kAutocork, Cause::kPacing, Cause::kCwnd};
    return {};
}

/// Why a write's last bytes were still in the kernel when the next write came.
Verdict judge_merge(const SegmentFacts& facts, const JudgedWrite& write, const CallRecord& next) {
    Question question{Boundary::kMerge, Finding::kWriteWaited, Missing::kNothing,
                      write.call->index};
    if (write.state != nullptr && write.state->not_sent == 0) {
        const EvidenceList evidence{{EvidenceKind::kAllSent, {write.call->index}}};
        if (facts.viewpoint.place == Vantage::kAtSender && facts.viewpoint.known) {
            question.missing = Missing::kContradiction;
            return conclude(question, {}, false, evidence);
        }
        question.finding = Finding::kWritesJoinedLater;
        return conclude(question, {Cause::kGro}, false, evidence);
    }
    DelayedWrite held = delayed_write(facts, write, next.entered);
    // What the next call found may differ though no event says who changed it.
    const std::uint32_t differ = write.call->flags & next.flags & EventFlags::kOptionsKnown
                                     ? write.call->flags ^ next.flags
                                     : 0U;
    held.cork_changed = held.cork_changed || (differ & EventFlags::kCork) != 0;
    held.nodelay_changed = held.nodelay_changed || (differ & EventFlags::kNodelay) != 0;
    SendDelay found = find_send_delay(held);
    if (write.state == nullptr && found.causes.empty() && has_nodelay(*write.call))
        found.causes = without_state(facts);
    question.missing = missing_for(write, found);
    return conclude(question, found.causes, found.sure, found.evidence);
}

/// Why what is left of a write that the segment cuts did not leave at once; nothing where the
/// kernel's state does not show it.
SendDelay delay_of_rest(const SegmentFacts& facts, const JudgedWrite& write) {
    const KernelState* state = write.state;
    // Only if the call itself stopped where the segment ends was the rest there when it returned.
    if (state == nullptr || state->not_sent == 0 ||
        saturating_add(facts.end(), state->not_sent) != write.range.end)
        return {};
    SendDelay found = find_send_delay(delayed_rest(facts, write));
    found.evidence.push_back({EvidenceKind::kCallEndsHere});
    const auto& causes = found.causes;
    if (facts.fills_window() &&
        std::find(causes.begin(), causes.end(), Cause::kRwnd) == causes.end()) {
        found.causes.push_front(Cause::kRwnd);
        found.evidence.push_back({EvidenceKind::kEndsAtWindow});
        found.sure = false;
    }
    return found;
}

/// What can end a segment in the middle of a packet.
void cut_anywhere(const SegmentFacts& facts, const JudgedWrite& write, CauseList& causes,
                  EvidenceList& evidence) {
    const CallRecord& call = *write.call;
    if (facts.fills_window()) {
        causes.push_back(Cause::kRwnd);
        evidence.push_back({EvidenceKind::kEndsAtWindow});
    }
    if (call.call == Call::kSendmmsg) {
        causes.push_back(Cause::kMessage);
        evidence.push_back({EvidenceKind::kSeveralMessages});
    }
    if (takes_from_elsewhere(call.call)) {
        if (causes.empty()) causes.push_back(Cause::kGso);
        evidence.push_back({EvidenceKind::kCopies});
    }
    const std::int64_t took = call.left - call.entered;
    if ((call.flags & EventFlags::kNonblocking) == 0 && took >= kLate) {
        causes.push_back(Cause::kSendBuffer);
        evidence.push_back({EvidenceKind::kCallWaited, {static_cast<std::uint64_t>(took / 1000)}});
    }
}

/// Why a segment ends in the middle of a write, and why the rest of the write stayed: two things.
void judge_cut(const SegmentFacts& facts, const JudgedWrite& write,
               std::vector<Verdict>& verdicts) {
    Question question{Boundary::kCut, Finding::kEndsInsideWrite, Missing::kHowItWasCut,
                      write.call->index};
    const SendDelay rest = delay_of_rest(facts, write);
    CauseList causes;
    EvidenceList evidence;
    if (facts.full_packets()) {
        const std::uint32_t packets = facts.length() / facts.packet;
        evidence.push_back({EvidenceKind::kFullPackets, {facts.length(), packets, facts.packet}});
        // Where less than a packet is left, no larger segment was possible.
        const bool all_full = write.range.end - facts.end() < facts.packet;
        if (packets == 1) {
            causes = {Cause::kMss};
        } else if (all_full) {
            causes = {Cause::kMss, Cause::kGso};
        } else {
            causes = {Cause::kGso, Cause::kMss, Cause::kCwnd};
            if (facts.stream.writes().options_at(write.call->left).paced != Paced::kNo)
                causes.push_back(Cause::kPacing);
        }
        // Of one packet, too: a sender with offload may well have stopped there for another reason.
        question.missing = Missing::kSuperSegmentSize;
    }
    cut_anywhere(facts, write, causes, evidence);
    if (causes.empty())
        question.missing = facts.packet == 0        ? Missing::kPacketSize
                           : write.state == nullptr ? Missing::kKernelState
                                                    : Missing::kHowItWasCut;
    verdicts.push_back(conclude(question, causes, false, evidence));
    if (rest.causes.empty()) return;
    verdicts.push_back(conclude(
        {Boundary::kRest, Finding::kRestWaited, missing_for(write, rest), write.call->index},
        rest.causes, rest.sure, rest.evidence));
}

Verdict judge_held(const SegmentFacts& facts, const JudgedWrite& write) {
    SendDelay found = find_send_delay(delayed_write(facts, write));
    if (write.state == nullptr && found.causes.empty()) {
        found.causes = without_state(facts);
        if (facts.released_by_ack() != true) found.causes.push_back(Cause::kQueue);
    }
    if (facts.at_sender() && facts.after(*write.call) > 0)
        found.evidence.push_back({EvidenceKind::kLeftAfterReturn,
                                  {static_cast<std::uint64_t>(facts.after(*write.call) / 1000)}});
    return conclude(
        {Boundary::kHeld, Finding::kLeftAfterCall, missing_for(write, found), write.call->index},
        found.causes, found.sure, found.evidence);
}

/// The kernel had nothing left to send when the call had returned. That is not to have left: queues
/// below TCP may hold it.
Verdict judge_released(const SegmentFacts& facts, const JudgedWrite& write) {
    const CallRecord& call = *write.call;
    const std::int64_t after = facts.after(call);
    EvidenceList evidence{{EvidenceKind::kNothingLeft, {call.index}}};
    if (call.taken < call.requested) return judge_short(facts, write, evidence);
    Question question{Boundary::kWhole, Finding::kEndsWithWrite, Missing::kVantage, call.index};
    if (!facts.at_sender()) {
        evidence.push_back({EvidenceKind::kDelayNotVisible});
        return conclude(question, {Cause::kWrite}, false, evidence);
    }
    const bool sure = facts.surely_at_sender();
    evidence.push_back(after <= 0 ? Evidence{EvidenceKind::kLeftBeforeReturn}
                                  : Evidence{EvidenceKind::kLeftAfterReturn,
                                             {static_cast<std::uint64_t>(after / 1000)}});
    if (!sure) evidence.push_back({EvidenceKind::kVantageGuessed});
    if (after <= kNoise) {
        question.finding = Finding::kSentAtOnce;
        return conclude(question, {Cause::kWrite}, sure, evidence);
    }
    if (after <= kLate) return conclude(question, {Cause::kWrite, Cause::kQueue}, false, evidence);
    question.boundary = Boundary::kHeld;
    question.finding = Finding::kLeftAfterCall;
    return conclude(question,
                    sure ? CauseList{Cause::kQueue} : CauseList{Cause::kQueue, Cause::kWrite},
                    false, evidence);
}

/// The segment ends where its only (or last) write ends.
Verdict judge_whole(const SegmentFacts& facts, const JudgedWrite& write) {
    const CallRecord& call = *write.call;
    if (write.state != nullptr)
        return write.state->not_sent > 0 ? judge_held(facts, write) : judge_released(facts, write);
    const std::int64_t at_once = facts.released_by_ack() == true ? 0 : kNoise;
    if (facts.at_sender() && facts.after(call) > at_once) return judge_held(facts, write);
    const EvidenceList evidence{{!facts.at_sender()       ? EvidenceKind::kDelayNotVisible
                                 : facts.after(call) <= 0 ? EvidenceKind::kLeftBeforeReturn
                                                          : EvidenceKind::kLeftAtReturn}};
    if (call.taken < call.requested) return judge_short(facts, write, evidence);
    return conclude({Boundary::kWhole, Finding::kEndsWithWrite, Missing::kNothing, call.index},
                    {Cause::kWrite}, false, evidence);
}

bool same(const Verdict& a, const Verdict& b) {
    return a.boundary == b.boundary && a.confidence == b.confidence && a.causes == b.causes;
}

/// A verdict for each kind of merge between neighbouring writes; several boundaries share one.
std::vector<Verdict> judge_merges(const SegmentFacts& facts) {
    std::vector<Verdict> verdicts;
    std::vector<std::uint64_t> last_of;  // of each verdict, the last write that it is for
    for (std::size_t i = 0; i + 1 < facts.writes.size(); ++i) {
        Verdict verdict = judge_merge(facts, facts.writes[i], *facts.writes[i + 1].call);
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
        judge_cut(facts, last, verdicts);
    } else if (verdicts.empty() && last.range.end < facts.end()) {
        verdicts.push_back(conclude(
            {Boundary::kWhole, Finding::kGoesOnAfterWrite, Missing::kNextCall, last.call->index},
            {}, false));
    } else {
        if (verdicts.empty()) verdicts.push_back(judge_whole(facts, last));
        // Why its bytes waited is one thing, why there were no more of them another.
        if (last.range.end == facts.end() && last.call->taken < last.call->requested &&
            verdicts.back().finding != Finding::kEndsWithShortWrite)
            verdicts.push_back(judge_short(facts, last, {}));
    }
    note_refused_before(facts, verdicts.front());
    return verdicts;
}

}  // namespace

std::vector<Verdict> judge_segment(const Connection& connection, Side side, const Segment& segment,
                                   const SenderArrival* arrival) {
    const SendState* state = connection.stream(side).lane().send_state(segment);
    const bool elsewhere = state != nullptr && state->repeat == Repeat::kOtherPoint;
    if (segment.retransmission() || (segment.repeats && elsewhere))
        return {judge_repeat(connection.stream(side), segment)};
    if (segment.repeats)
        return {conclude({Boundary::kCut, Finding::kRepeatsSome}, {Cause::kRetransmission}, false)};
    const SegmentFacts facts(connection, side, segment);
    std::vector<Verdict> verdicts =
        facts.writes.empty() ? std::vector{judge_from_capture(facts)} : judge_writes(facts);
    if (arrival != nullptr) weigh_arrival(facts, *arrival, verdicts);
    return verdicts;
}

}  // namespace seamark
