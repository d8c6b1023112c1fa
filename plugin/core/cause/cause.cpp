// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/cause.hpp"

#include <algorithm>
#include <utility>

#include "core/cause/cause_sentence.hpp"
#include "core/cause/send_delay.hpp"
#include "core/base/number_text.hpp"
#include "core/cause/segment_facts.hpp"

namespace seamark {
namespace {

using words::text;

std::string write_name(const JudgedWrite& write) {
    return "write " + text(write.call->index);
}

/// What was known of a write whose bytes left after its call.
DelayedWrite delayed_write(const SegmentFacts& facts, const JudgedWrite& write) {
    DelayedWrite held;
    held.call = write.call;
    held.state = write.state;
    held.congestion = facts.stream.writes().congestion();
    held.paced = facts.stream.writes().paced();
    held.small_in_flight = facts.small_in_flight_at(write.call->left);
    held.released_by_ack = facts.released_by_ack();
    if (facts.at_sender() && facts.before != nullptr && facts.before->time <= write.call->left) {
        held.rested_ns = write.call->left - facts.before->time;
        held.last_length = facts.before->wire_length;
    }
    return held;
}

std::string missing_for(const JudgedWrite& write) {
    return write.state == nullptr ? kRecordState : "each of them alone would have held it";
}

/// Why a write's last bytes were still in the kernel when the next write came.
Verdict judge_merge(const SegmentFacts& facts, const JudgedWrite& write) {
    Sentence sentence{"Bytes of " + write_name(write) + " waited for those of the next",
                      missing_for(write)};
    if (write.state != nullptr && write.state->not_sent == 0) {
        std::vector<std::string> evidence{"all bytes were sent when " + write_name(write) +
                                          " had returned"};
        if (facts.vantage == Vantage::kAtSender) {
            sentence.missing = "the kernel says that it had sent them apart";
            return conclude(Seam::kMerge, {}, false, sentence, std::move(evidence));
        }
        sentence.what =
            "Bytes of " + write_name(write) + " and the next were sent apart and joined";
        return conclude(Seam::kMerge, {Cause::kGro}, false, sentence, std::move(evidence));
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
    return conclude(Seam::kMerge, std::move(found.causes), found.sure, sentence,
                    std::move(found.evidence));
}

/// Why a segment ends in the middle of a write.
Verdict judge_cut(const SegmentFacts& facts, const JudgedWrite& write) {
    Sentence sentence{"The segment ends inside " + write_name(write), missing_for(write)};
    const KernelState* state = write.state;
    SendDelay stopped;  // why the call itself stopped where the segment ends
    if (state != nullptr && state->not_sent > 0 &&
        saturating_add(facts.end(), state->not_sent) == write.range.end) {
        stopped = find_send_delay(delayed_write(facts, write));
        stopped.evidence.emplace_back("what the call sent ends with this segment");
    }
    if (!stopped.sure && facts.fills_window())
        return conclude(Seam::kCut, {Cause::kRwnd}, false, sentence,
                        {"it ends where the peer's window does"});
    if (!stopped.causes.empty())
        return conclude(Seam::kCut, std::move(stopped.causes), stopped.sure, sentence,
                        std::move(stopped.evidence));
    if (facts.packet == 0 || facts.length() % facts.packet != 0) {
        sentence.missing = facts.packet == 0 ? "the MSS is not known" : kRecordState;
        return conclude(Seam::kCut, {}, false, sentence, {});
    }
    const std::uint32_t packets = facts.length() / facts.packet;
    std::vector<std::string> evidence{text(facts.length()) + " bytes are " + text(packets) +
                                      " full packet" + (packets > 1 ? "s" : "") + " of " +
                                      text(facts.packet)};
    if (packets > 1)
        return conclude(Seam::kCut, {Cause::kGso, Cause::kCwnd, Cause::kPacing}, false,
                        {sentence.what, "how large a super-segment may be is not recorded"},
                        std::move(evidence));
    // A sender with offload may well have stopped at one packet for another reason.
    return conclude(Seam::kCut, {Cause::kMss}, false,
                    {sentence.what, "how large a super-segment may be is not recorded"},
                    std::move(evidence));
}

/// The segment ends where its only (or last) write ends.
Verdict judge_whole(const SegmentFacts& facts, const JudgedWrite& write) {
    const CallRecord& call = *write.call;
    const std::string name = write_name(write);
    const bool timed = facts.at_sender();
    const bool later = timed && facts.segment.time > call.left;
    const bool unsent = write.state != nullptr && write.state->not_sent > 0;
    if (unsent || (write.state == nullptr && later)) {
        SendDelay found = find_send_delay(delayed_write(facts, write));
        if (later)
            found.evidence.push_back(
                "it left " +
                text(static_cast<std::uint64_t>((facts.segment.time - call.left) / 1000)) +
                " µs after the call had returned");
        return conclude(Seam::kHeld, std::move(found.causes), found.sure,
                        {"Bytes of " + name + " left after the call, alone", missing_for(write)},
                        std::move(found.evidence));
    }
    std::vector<std::string> evidence;
    if (write.state != nullptr)
        evidence.push_back("nothing was left to send when " + name + " had returned");
    else if (timed)
        evidence.emplace_back("it left before the call returned");
    else
        evidence.emplace_back(
            "whether it had waited is not to be seen where the capture was taken");
    const bool sure = write.state != nullptr;
    if (call.taken < call.requested) {
        evidence.push_back("the call took " + text(call.taken) + " of " + text(call.requested) +
                           " bytes");
        return conclude(Seam::kWhole, {Cause::kSendBuffer}, true,
                        {"The segment ends where " + name + " ended, which was short", ""},
                        std::move(evidence));
    }
    return conclude(Seam::kWhole, {Cause::kWrite}, sure,
                    {"The segment ends where " + name + " ended, sent at once", ""},
                    std::move(evidence));
}

bool same(const Verdict& a, const Verdict& b) {
    return a.seam == b.seam && a.confidence == b.confidence && a.causes == b.causes;
}

std::vector<Verdict> judge_writes(const SegmentFacts& facts) {
    std::vector<Verdict> verdicts;
    const JudgedWrite& last = facts.writes.back();
    std::vector<const JudgedWrite*> first_of;  // of each verdict, the first write that it is for
    std::vector<const JudgedWrite*> last_of;
    for (std::size_t i = 0; i + 1 < facts.writes.size(); ++i) {
        const JudgedWrite& write = facts.writes[i];
        Verdict verdict = judge_merge(facts, write);
        const auto there = std::find_if(verdicts.begin(), verdicts.end(),
                                        [&](const Verdict& v) { return same(v, verdict); });
        if (there == verdicts.end()) {
            verdicts.push_back(std::move(verdict));
            first_of.push_back(&write);
            last_of.push_back(&facts.writes[i + 1]);
        } else {
            ++there->seams;
            last_of[static_cast<std::size_t>(there - verdicts.begin())] = &facts.writes[i + 1];
        }
    }
    for (std::size_t i = 0; i < verdicts.size(); ++i)
        if (verdicts[i].seams > 1)
            verdicts[i].evidence.insert(verdicts[i].evidence.begin(),
                                        text(verdicts[i].seams) + " of the seams from write " +
                                            text(first_of[i]->call->index) + " to write " +
                                            text(last_of[i]->call->index) + "; of the first:");
    if (last.range.end > facts.end()) {
        verdicts.push_back(judge_cut(facts, last));
    } else if (verdicts.empty() && last.range.end < facts.end()) {
        verdicts.push_back(conclude(Seam::kWhole, {}, false,
                                    {"The segment goes on behind " + write_name(last),
                                     "the call behind it is not recorded"},
                                    {}));
    } else if (verdicts.empty()) {
        verdicts.push_back(judge_whole(facts, last));
    }
    return verdicts;
}

}  // namespace

std::vector<Verdict> judge_segment(const Connection& connection, Side side,
                                   const Segment& segment) {
    if (segment.retransmission() || segment.repeats)
        return {conclude(Seam::kCut, {Cause::kRetransmission}, segment.retransmission(),
                         {segment.retransmission() ? "All its bytes were captured before"
                                                   : "It repeats bytes and brings new ones",
                          ""},
                         {})};
    const SegmentFacts facts(connection, side, segment);
    if (facts.writes.empty()) return {judge_from_capture(facts)};
    return judge_writes(facts);
}

}  // namespace seamark
