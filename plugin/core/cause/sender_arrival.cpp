// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/sender_arrival.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// The longest for which TCP_CORK and MSG_MORE keep bytes (200 ms), and a timer's delay.
constexpr std::int64_t kLongestCork = 250'000'000;

bool names(const CauseList& causes, Cause cause) {
    return std::find(causes.begin(), causes.end(), cause) != causes.end();
}

Evidence arrived_before(std::int64_t until, const SenderArrival& arrival) {
    return {EvidenceKind::kArrivedBefore,
            {microseconds(until - arrival.last), microseconds(until - arrival.first),
             static_cast<std::uint32_t>(arrival.frame)}};
}

/// The verdict says when the segment left, not what a packet or window ended.
bool is_about_leaving(const Verdict& verdict) {
    return verdict.finding == Finding::kLeftAtAck || verdict.finding == Finding::kNoMoreToSend ||
           verdict.finding == Finding::kNotPushed;
}

/// Causes for bytes that were there long before they left: the sender, then what could have kept
/// them in its kernel.
CauseList causes_of_hold(const SegmentFacts& facts, const SenderArrival& arrival,
                         const CauseList& before) {
    CauseList causes = {Cause::kProxy};
    for (const Cause cause : before)
        if (cause != Cause::kWrite && cause != Cause::kEnd) causes.push_back(cause);
    // These end with the segment that they fill, or with their timer.
    if (!facts.full_packets() && facts.segment.time - arrival.last <= kLongestCork)
        for (const Cause cause : {Cause::kMore, Cause::kCork})
            if (!names(causes, cause)) causes.push_back(cause);
    return causes;
}

/// Of a segment whose writes were not recorded.
void weigh_unrecorded(const SegmentFacts& facts, const SenderArrival& arrival,
                      std::vector<Verdict>& verdicts) {
    Verdict& verdict = verdicts.front();
    const std::int64_t left = facts.segment.time;
    const Evidence arrived = arrived_before(left, arrival);
    const bool held = left - arrival.first > arrival.transit;
    if (!is_about_leaving(verdict)) {
        if (held)
            verdicts.push_back(
                conclude({Boundary::kHeld, Finding::kHeldBySender, Missing::kKernelState},
                         causes_of_hold(facts, arrival, {}), false, {arrived}));
        return;
    }
    const SendState& moment = *facts.send_state;
    const bool acknowledged_before = facts.acknowledged_at_sender() &&
                                     moment.since_ack != SendState::kUnknown &&
                                     left - moment.since_ack <= arrival.first;
    if (held) {
        verdict.boundary = Boundary::kHeld;
        verdict.finding = Finding::kHeldBySender;
        verdict.causes = causes_of_hold(facts, arrival, verdict.causes);
    } else if (arrival.next && left - *arrival.next > arrival.transit) {
        verdict.finding = Finding::kMoreHadArrived;
        verdict.evidence.push_back(
            {EvidenceKind::kNextArrived, {microseconds(left - *arrival.next)}});
        if (!names(verdict.causes, Cause::kProxy)) verdict.causes.push_front(Cause::kProxy);
    } else if (verdict.finding == Finding::kLeftAtAck && acknowledged_before) {
        verdict.boundary = Boundary::kWhole;
        verdict.finding = Finding::kLeftOnArrival;
        verdict.causes = {Cause::kWrite};
    }
    verdict.evidence.push_front(arrived);
}

/// What had arrived before the call that wrote it was not in the kernel, but in the program.
void weigh_recorded(const SegmentFacts& facts, const SenderArrival& arrival,
                    std::vector<Verdict>& verdicts) {
    const std::int64_t called = facts.writes.front().call->entered;
    if (called - arrival.first <= arrival.transit) return;
    verdicts.push_back(
        conclude({Boundary::kHeld, Finding::kHeldBySender}, {Cause::kProxy}, false,
                 {arrived_before(called, arrival),
                  {EvidenceKind::kBeforeItsWrite, {facts.writes.front().call->index}}}));
}

}  // namespace

void weigh_arrival(const SegmentFacts& facts, const SenderArrival& arrival,
                   std::vector<Verdict>& verdicts) {
    if (verdicts.empty() || facts.send_state == nullptr) return;
    if (facts.writes.empty()) {
        weigh_unrecorded(facts, arrival, verdicts);
    } else {
        weigh_recorded(facts, arrival, verdicts);
    }
}

}  // namespace seamark
