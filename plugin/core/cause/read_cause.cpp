// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <optional>
#include <utility>

#include "core/cause/cause.hpp"
#include "core/cause/cause_sentence.hpp"
#include "core/stream/overlay.hpp"
#include "core/base/number_text.hpp"

namespace seamark {
namespace {

using words::text;

/// The segments that brought a range.
struct Bringers {
    bool all = true;  // of very many the first and the last stand for all
    std::size_t segments = 0;
    std::int64_t first_time = 0;
    std::int64_t last_time = 0;
    std::uint32_t largest = 0;
};

Bringers bringers_of(const Connection& connection, Side sender, ByteRange range) {
    Bringers found;
    FrameNumber previous = FrameNumber::kNone;
    const SegmentLane& lane = connection.stream(sender).lane();
    const Overlay overlay(connection.stream(sender));
    const auto note = [&](const OwnedRun& run) {
        if (run.frame == previous || run.frame == FrameNumber::kNone) return;
        previous = run.frame;
        const Segment* segment = overlay.segment_with(run.frame, run.begin);
        if (segment == nullptr) return;
        found.first_time =
            found.segments == 0 ? segment->time : std::min(found.first_time, segment->time);
        found.last_time = std::max(found.last_time, segment->time);
        found.largest = std::max(found.largest, segment->wire_length);
        ++found.segments;
    };
    // Each frame with bytes of the read asks anew.
    constexpr std::size_t kMostRuns = 1024;
    std::size_t looked_at = 0;
    lane.runs().each_until(range, [&](const OwnedRun& run) {
        found.all = looked_at++ < kMostRuns;
        if (found.all) note(run);
        return found.all;
    });
    if (!found.all) note(*lane.runs().last(range));
    return found;
}

}  // namespace

Verdict judge_read(const Connection& connection, Side sender, ByteRange range,
                   const CallRecord& call) {
    const Stream& stream = connection.stream(sender);
    const Bringers brought = bringers_of(connection, sender, range);
    const std::string name = "Read " + text(call.index);
    const ReceiveState* state = stream.reads().receive_state(call);
    const Sentence sentence{name + " took " + text(call.taken) + " bytes",
                            "record the reads with --record state"};
    if (brought.segments == 0)
        return conclude(Seam::kRead, {}, false,
                        {sentence.what, "the capture does not have the bytes"}, {});

    std::vector<std::string> evidence{text(brought.segments) + " segment" +
                                      (brought.segments == 1 ? "" : "s") + " had brought them"};
    if (!brought.all) evidence.front() += ", and more that were not looked at";
    std::vector<Cause> causes;
    const bool filled = call.taken == call.requested;
    // Only where the bytes were captured at the reader do times of capture and of calls compare.
    const Vantage vantage = connection.vantage(sender);
    const bool at_reader = vantage == Vantage::kAtReceiver || vantage == Vantage::kAtBoth;
    const bool waited = at_reader && brought.last_time < call.entered;
    if (at_reader && brought.first_time < call.entered)
        evidence.push_back(
            "the first had come " +
            text(static_cast<std::uint64_t>((call.entered - brought.first_time) / 1000)) +
            " µs before the call");
    if (filled) {
        causes.push_back(Cause::kSize);
        evidence.push_back("the call asked for no more than " + text(call.requested));
    }
    if (state != nullptr) {
        evidence.push_back(text(state->unread) + " bytes were left unread");
        if (state->low_water > 1) {
            causes.push_back(Cause::kLowWater);
            evidence.push_back("SO_RCVLOWAT is " + text(state->low_water));
        }
    }
    if (brought.segments == 1 && !filled) {
        const auto packet = connection.max_payload(sender, 12);
        if (vantage == Vantage::kAtReceiver && packet && brought.largest > *packet) {
            causes.push_back(Cause::kGro);
            evidence.push_back("the segment has " + text(brought.largest) +
                               " bytes where a packet holds " + text(*packet));
        } else {
            causes.push_back(Cause::kSegment);
        }
        return conclude(Seam::kRead, causes, causes.size() == 1 && state && state->unread == 0,
                        sentence, std::move(evidence));
    }
    if (brought.segments > 1 && waited) {
        // A program that comes back at once from its read before finds what came meanwhile only.
        std::optional<std::int64_t> slept;
        if (range.begin > 0)
            stream.each_call(
                stream.reads(), {range.begin - 1, range.begin},
                [&](ByteRange, const CallRecord& earlier) { slept = call.entered - earlier.left; });
        causes.push_back(slept && *slept > call.entered - brought.first_time ? Cause::kSlow
                                                                             : Cause::kWaited);
        if (slept)
            evidence.push_back(
                text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, *slept) / 1000)) +
                " µs lay between this read and the one before");
    } else if (brought.segments > 1 && !filled) {
        causes.push_back(Cause::kWaited);
    }
    return conclude(Seam::kRead, causes, causes.size() == 1 && state != nullptr && brought.all,
                    sentence, std::move(evidence));
}

}  // namespace seamark
