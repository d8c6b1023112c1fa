// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/contradiction.hpp"

#include "core/stream/overlay.hpp"

namespace seamark {

bool is_before(std::int64_t captured, std::int64_t entered) {
    constexpr std::int64_t kMillisecond = 1'000'000;
    constexpr std::int64_t kMicrosecond = 1'000;
    std::int64_t unit = 1;
    if (captured % kMicrosecond == 0) unit = kMicrosecond;
    if (captured % kMillisecond == 0) unit = kMillisecond;
    return captured <= entered - unit;  // times are bounded: moment.hpp
}

std::optional<Contradiction> find_contradiction(const Stream& stream, CallRange range,
                                                const CallRecord& call) {
    const auto here = stream.position(range);
    if (!here) return std::nullopt;
    const Segment* first = nullptr;
    const Overlay overlay(stream);
    stream.lane().runs().each_until(*here, [&](const OwnedRun& run) {
        if (run.frame == FrameNumber::kNone) return true;
        first = overlay.segment_with(run.frame, std::max(run.begin, here->begin));
        return first == nullptr;
    });
    if (first == nullptr || !is_before(first->time, call.entered)) return std::nullopt;
    return Contradiction{range.begin, call.event, first->frame};
}

std::optional<Contradiction> find_contradiction(const Stream& stream, const Segment& segment) {
    std::optional<Contradiction> found;
    stream.each_call(stream.writes(), segment.range(),
                     [&](ByteRange range, const CallRecord& call) {
                         if (found || !is_before(segment.time, call.entered)) return;
                         const auto calls = stream.call_range(range);
                         if (calls) found = Contradiction{calls->begin, call.event, segment.frame};
                     });
    return found;
}

}  // namespace seamark
