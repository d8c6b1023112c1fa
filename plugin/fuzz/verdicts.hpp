// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "check.hpp"
#include "core/cause/read_cause.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {

/// What holds of every verdict: it has a sentence and a cause, unknown and its cause go together,
/// and known is claimed with recorded state alone, but for what needs none.
inline void check_verdict(const Verdict& verdict, bool state_recorded) {
    const std::string text = words::sentence(verdict);
    check(!text.empty() && !verdict.causes.empty() && verdict.boundaries > 0, "no verdict");
    check(verdict.causes.size() < CauseList::capacity() &&
              verdict.evidence.size() < EvidenceList::capacity(),
          text);
    const bool unknown = verdict.confidence == Confidence::kUnknown;
    for (const Cause cause : verdict.causes)
        check((cause == Cause::kUnknown) == unknown && !to_string(cause).empty(), text);
    check(!unknown || verdict.causes.size() == 1, text);
    check(!words::causes(verdict.causes).empty(), text);
    if (verdict.confidence != Confidence::kKnown) return;
    check(verdict.causes.size() == 1, text);
    const Cause cause = verdict.causes.front();
    check(state_recorded || cause == Cause::kRetransmission || cause == Cause::kDuplicate ||
              cause == Cause::kSendBuffer,
          text);
}

/// Judges every segment and every read of a connection.
inline void check_verdicts(const Connection& connection) {
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const Stream& stream = connection.stream(side);
        for (const Segment& segment : stream.lane().segments()) {
            bool state = false;
            std::uint64_t seams = 1;  // one more than where a write ends inside
            stream.each_call(stream.writes(), segment.wire_range(),
                             [&](ByteRange, const CallRecord& call) {
                                 state = state || stream.writes().state(call) != nullptr;
                                 ++seams;
                             });
            const auto verdicts = judge_segment(connection, side, segment);
            check(!verdicts.empty(), "a segment without a verdict");
            std::uint64_t judged = 0;
            for (const Verdict& verdict : verdicts) {
                check_verdict(verdict, state);
                judged += verdict.boundaries;
            }
            check(judged <= seams, "more seams than writes");
        }
        const auto whole = stream.position(kAllCalls);
        if (!whole) continue;
        stream.each_call(stream.reads(), *whole, [&](ByteRange range, const CallRecord& call) {
            check_verdict(judge_read(connection, side, range, call),
                          stream.reads().receive_state(call) != nullptr);
        });
    }
}

}  // namespace seamark
