// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "check.hpp"
#include "core/cause/cause.hpp"

namespace seamark {

/// What holds of every verdict: it has a sentence and a cause, unknown and its cause go together,
/// and known is claimed with recorded state alone, but for what needs none.
inline void check_verdict(const Verdict& verdict, bool state_recorded) {
    check(!verdict.text.empty() && !verdict.causes.empty() && verdict.seams > 0, "no verdict");
    const bool unknown = verdict.confidence == Confidence::kUnknown;
    for (const Cause cause : verdict.causes)
        check((cause == Cause::kUnknown) == unknown && !to_string(cause).empty(), verdict.text);
    check(!unknown || verdict.causes.size() == 1, verdict.text);
    check(!cause_words(verdict).empty(), verdict.text);
    if (verdict.confidence != Confidence::kKnown) return;
    check(verdict.causes.size() == 1, verdict.text);
    const Cause cause = verdict.causes.front();
    check(state_recorded || cause == Cause::kRetransmission || cause == Cause::kSendBuffer,
          verdict.text);
}

/// Judges every segment and every read of a connection.
inline void check_verdicts(const Connection& connection) {
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const Stream& stream = connection.stream(side);
        for (const Segment& segment : stream.lane().segments()) {
            bool state = false;
            std::uint64_t seams = 1;  // one more than where a write ends inside
            stream.each_call(stream.writes(), segment.range(),
                             [&](ByteRange, const CallRecord& call) {
                                 state = state || stream.writes().state(call) != nullptr;
                                 ++seams;
                             });
            const auto verdicts = judge_segment(connection, side, segment);
            check(!verdicts.empty(), "a segment without a verdict");
            std::uint64_t judged = 0;
            for (const Verdict& verdict : verdicts) {
                check_verdict(verdict, state);
                judged += verdict.seams;
            }
            check(judged <= seams, "more seams than writes");
        }
        const auto whole = stream.position(0, ~StreamOffset{0});
        if (!whole) continue;
        stream.each_call(stream.reads(), *whole, [&](ByteRange range, const CallRecord& call) {
            check_verdict(judge_read(connection, side, range, call),
                          stream.reads().receive_state(call) != nullptr);
        });
    }
}

}  // namespace seamark
