// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/chunk_causes.hpp"

#include <algorithm>
#include <utility>

namespace seamark {

const std::vector<CauseGroup>& ChunkCauses::gather(const Connection& connection, Side side,
                                                   ByteRange range,
                                                   const std::vector<CarriedRun>& runs) {
    forget_groups();
    note_recurring(runs);
    const Stream& stream = connection.stream(side);
    const Segment* previous = nullptr;  // a frame may_recur around a hole
    for (const CarriedRun& run : runs) {
        for (const Segment& segment : finder_.segments_of(stream, run.frame)) {
            if (segment.retransmission() || !segment.range().overlaps(range) ||
                &segment == previous)
                continue;
            previous = &segment;
            add(connection, side, segment);
        }
    }
    return groups_;
}

/// Keeps the memory of their lists of frames for the groups of the next range.
void ChunkCauses::forget_groups() {
    for (CauseGroup& group : groups_) {
        group.frames.clear();
        spare_.push_back(std::move(group.frames));
    }
    groups_.clear();
}

/// Frames that come in order, as nearly always, cannot recur.
void ChunkCauses::note_recurring(const std::vector<CarriedRun>& runs) {
    recurring_.clear();
    found_.clear();
    const auto may_recur = [](const CarriedRun& a, const CarriedRun& b) {
        return b.frame <= a.frame;
    };
    if (std::adjacent_find(runs.begin(), runs.end(), may_recur) == runs.end()) return;
    for (const CarriedRun& run : runs) recurring_.push_back(run.frame);
    std::sort(recurring_.begin(), recurring_.end());
    // Keeps the second of each frame, and those after it.
    auto kept = recurring_.begin();
    for (auto at = recurring_.begin(); at != recurring_.end(); ++at)
        if (at != recurring_.begin() && *at == *(at - 1)) *kept++ = *at;
    recurring_.erase(kept, recurring_.end());
}

void ChunkCauses::add(const Connection& connection, Side side, const Segment& segment) {
    Groups* groups = &of_segment_;
    if (std::binary_search(recurring_.begin(), recurring_.end(), segment.frame)) {
        const auto [there, fresh] = found_.try_emplace(&segment);
        groups = &there->second;
        if (!fresh) {
            for (const std::uint32_t index : *groups)
                groups_[index].frames.push_back(segment.frame);
            return;
        }
    }
    if (&segment != judged_) {
        verdicts_ = judge_segment(connection, side, segment);
        judged_ = &segment;
        ++judgements_;
    }
    groups->clear();
    for (const Verdict& verdict : verdicts_)
        if (verdict.confidence != Confidence::kUnknown) group(verdict, *groups);
    for (const std::uint32_t index : *groups) groups_[index].frames.push_back(segment.frame);
}

/// Finds the verdict's group, or makes it.
void ChunkCauses::group(const Verdict& verdict, Groups& out) {
    const auto there = std::find_if(groups_.begin(), groups_.end(), [&](const CauseGroup& g) {
        return g.boundary == verdict.boundary && g.confidence == verdict.confidence &&
               g.causes == verdict.causes;
    });
    out.push_back(static_cast<std::uint32_t>(there - groups_.begin()));
    if (there != groups_.end()) return;
    groups_.push_back({verdict.boundary, verdict.confidence, verdict.causes, {}});
    if (spare_.empty()) return;
    groups_.back().frames = std::move(spare_.back());
    spare_.pop_back();
}

}  // namespace seamark
