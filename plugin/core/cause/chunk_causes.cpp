// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/chunk_causes.hpp"

#include <algorithm>

namespace seamark {

const std::vector<CauseGroup>& ChunkCauses::gather(const Connection& connection, Side side,
                                                   ByteRange range,
                                                   const std::vector<CarriedRun>& runs) {
    groups_.clear();
    const Overlay overlay(connection.stream(side));
    const Segment* previous = nullptr;  // a frame recurs around a hole
    for (const CarriedRun& run : runs) {
        for (const Segment& segment : overlay.segments_of(run.frame)) {
            if (segment.retransmission() || !segment.range().overlaps(range) ||
                &segment == previous)
                continue;
            previous = &segment;
            add(connection, side, segment);
        }
    }
    return groups_;
}

void ChunkCauses::add(const Connection& connection, Side side, const Segment& segment) {
    if (&segment != judged_) verdicts_ = judge_segment(connection, side, segment);
    judged_ = &segment;
    for (const Verdict& verdict : verdicts_) {
        if (verdict.confidence == Confidence::kUnknown) continue;
        const auto there = std::find_if(groups_.begin(), groups_.end(), [&](const CauseGroup& g) {
            return g.boundary == verdict.boundary && g.confidence == verdict.confidence &&
                   g.causes == verdict.causes;
        });
        if (there != groups_.end()) {
            there->frames.push_back(segment.frame);
        } else {
            groups_.push_back({verdict.boundary, verdict.confidence, verdict.causes, {segment.frame}});
        }
    }
}

}  // namespace seamark
