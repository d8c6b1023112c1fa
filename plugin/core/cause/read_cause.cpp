// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/read_cause.hpp"

#include <algorithm>
#include <optional>

#include "core/stream/overlay.hpp"

namespace seamark {
namespace {

/// The segments that carry a range.
struct CarryingSegments {
    bool all = true;  // of very many the first and the last stand for all
    std::size_t count = 0;
    std::int64_t first_time = 0;
    std::int64_t last_time = 0;
    std::uint32_t largest = 0;
};

CarryingSegments segments_carrying(const Connection& connection, Side sender, ByteRange range) {
    CarryingSegments found;
    FrameNumber previous = FrameNumber::kNone;
    const SegmentLane& lane = connection.stream(sender).lane();
    const Overlay overlay(connection.stream(sender));
    const auto note = [&](const OwnedRun& run) {
        if (run.frame == previous || run.frame == FrameNumber::kNone) return;
        previous = run.frame;
        const Segment* segment = overlay.segment_with(run.frame, run.begin);
        if (segment == nullptr) return;
        found.first_time =
            found.count == 0 ? segment->time : std::min(found.first_time, segment->time);
        found.last_time = std::max(found.last_time, segment->time);
        found.largest = std::max(found.largest, segment->wire_length);
        ++found.count;
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
    const CarryingSegments carrying = segments_carrying(connection, sender, range);
    const ReceiveState* state = stream.reads().receive_state(call);
    Question question{Boundary::kRead, Finding::kReadTook, Missing::kReadState, call.index,
                      call.taken};
    if (carrying.count == 0) {
        question.missing = Missing::kBytes;
        return conclude(question, {}, false);
    }
    EvidenceList evidence{
        {carrying.all ? EvidenceKind::kSegmentsRead : EvidenceKind::kMoreSegmentsRead,
         {carrying.count}}};
    CauseList causes;
    const bool filled = call.taken == call.requested;
    // Only where the bytes were captured at the reader do times of capture and of calls compare.
    const Vantage vantage = connection.vantage(sender);
    const bool at_reader = vantage == Vantage::kAtReceiver || vantage == Vantage::kAtBoth;
    const bool queued = at_reader && carrying.last_time < call.entered;
    if (at_reader && carrying.first_time < call.entered)
        evidence.push_back(
            {EvidenceKind::kQueuedBefore, {microseconds(call.entered - carrying.first_time)}});
    if (filled) {
        causes.push_back(Cause::kSize);
        evidence.push_back({EvidenceKind::kAskedFor, {call.requested}});
    }
    if (state != nullptr) {
        evidence.push_back({EvidenceKind::kUnread, {state->unread}});
        if (state->low_water > 1) {
            causes.push_back(Cause::kLowWater);
            evidence.push_back({EvidenceKind::kLowWaterMark, {state->low_water}});
        }
    }
    if (carrying.count == 1 && !filled) {
        const auto packet = connection.max_payload(sender, 12);
        if (vantage == Vantage::kAtReceiver && packet && carrying.largest > *packet) {
            causes.push_back(Cause::kGro);
            evidence.push_back({EvidenceKind::kLargerThanPacket, {carrying.largest, *packet}});
        } else {
            causes.push_back(Cause::kSegment);
        }
        return conclude(question, causes, causes.size() == 1 && state && state->unread == 0,
                        evidence);
    }
    if (carrying.count > 1 && queued) {
        // A program that comes back at once from its read before finds what came meanwhile only.
        std::optional<std::int64_t> slept;
        if (range.begin > StreamOffset{})
            stream.each_call(
                stream.reads(), {range.begin - 1, range.begin},
                [&](ByteRange, const CallRecord& earlier) { slept = call.entered - earlier.left; });
        causes.push_back(slept && *slept > call.entered - carrying.first_time ? Cause::kSlow
                                                                              : Cause::kWaited);
        if (slept) evidence.push_back({EvidenceKind::kBetweenReads, {microseconds(*slept)}});
    } else if (carrying.count > 1 && !filled) {
        causes.push_back(Cause::kWaited);
    }
    return conclude(question, causes, causes.size() == 1 && state != nullptr && carrying.all,
                    evidence);
}

}  // namespace seamark
