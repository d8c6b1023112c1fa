// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/short_write.hpp"

namespace seamark {

bool takes_from_elsewhere(Call call) {
    return call == Call::kSendfile || call == Call::kSplice;
}

Verdict judge_short(const SegmentFacts& facts, const JudgedWrite& write, EvidenceList evidence) {
    const CallRecord& call = *write.call;
    const KernelState* state = write.state;
    const bool nonblocking = (call.flags & EventFlags::kNonblocking) != 0;
    const bool measured = state != nullptr && state->detailed() && state->queue_memory > 0;
    const bool full = measured && state->queue_memory >= state->send_buffer;
    evidence.push_back({EvidenceKind::kShort, {call.taken, call.requested}});
    if (measured)
        evidence.push_back({full ? EvidenceKind::kBufferFull : EvidenceKind::kBufferNotFull,
                            {state->queue_memory, state->send_buffer}});
    if (nonblocking) evidence.push_back({EvidenceKind::kWouldNotBlock});
    const RefusedWrite* refused = facts.refused_after(write);
    if (refused != nullptr)
        evidence.push_back(
            {EvidenceKind::kRefusedNext, {microseconds(refused->entered - call.left)}});
    const bool was_full = full || refused != nullptr;
    CauseList causes = {Cause::kSendBuffer};
    bool sure = nonblocking && (was_full || !measured);
    if (takes_from_elsewhere(call.call)) {
        evidence.push_back({EvidenceKind::kCopies});
        // One that may wait waits until there is room.
        causes = !nonblocking ? CauseList{Cause::kSource}
                 : was_full   ? CauseList{Cause::kSendBuffer, Cause::kSource}
                              : CauseList{Cause::kSource, Cause::kSendBuffer};
        sure = false;
    }
    return conclude({Boundary::kWhole, Finding::kEndsWithShortWrite,
                     state == nullptr ? Missing::kKernelState : Missing::kEachWouldDo, call.index},
                    causes, sure, evidence);
}

void note_refused_before(const SegmentFacts& facts, Verdict& verdict) {
    for (const JudgedWrite& write : facts.writes) {
        const RefusedWrite* refused = facts.refused_before(write);
        if (refused == nullptr) continue;
        verdict.evidence.push_back(
            {EvidenceKind::kRefusedBefore,
             {microseconds(write.call->entered - refused->entered), write.call->index}});
        return;
    }
}

}  // namespace seamark
