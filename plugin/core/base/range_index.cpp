// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/range_index.hpp"

#include <algorithm>

namespace seamark {

void RangeIndex::append(ByteRange range, FrameNumber frame) {
    const OwnedRun run{range.begin, static_cast<std::uint32_t>(range.length()), frame};
    if (blocks_.empty() || blocks_.back().size() >= kBlockRuns) blocks_.emplace_back();
    blocks_.back().push_back(run);
    end_ = range.end;
    ++version_;
}

void RangeIndex::insert(ByteRange range, FrameNumber frame) {
    if (range.begin >= end_) {
        append(range, frame);
        return;
    }
    // A run that begins after this one exists, so there is a block to go into.
    const Position at = first_ending_after(range.begin);
    Block& block = blocks_[at.block];
    const OwnedRun run{range.begin, static_cast<std::uint32_t>(range.length()), frame};
    block.insert(block.begin() + static_cast<std::ptrdiff_t>(at.run), run);
    ++version_;
    if (block.size() <= kBlockRuns) return;
    const auto middle = block.begin() + static_cast<std::ptrdiff_t>(block.size() / 2);
    Block upper(middle, block.end());
    block.erase(middle, block.end());
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(at.block) + 1, std::move(upper));
}

void RangeIndex::find_gaps(ByteRange range, std::vector<ByteRange>& gaps) const {
    StreamOffset at = range.begin;
    each(range, [&](const OwnedRun& run) {
        if (at < run.begin) gaps.push_back({at, run.begin});
        at = run.end();
    });
    if (at < range.end) gaps.push_back({at, range.end});
}

void RangeIndex::disown(ByteRange range, FrameNumber frame) {
    ++version_;
    for (Position at = first_ending_after(range.begin); at.block < blocks_.size(); at = next(at)) {
        OwnedRun& run = blocks_[at.block][at.run];
        if (run.begin >= range.end) return;
        if (run.frame == frame) run.frame = FrameNumber::kNone;
    }
}

RangeIndex::Position RangeIndex::first_ending_after(StreamOffset at) const {
    if (blocks_.empty()) return {0, 0};
    // A capture is read from its begin to its end, so that nearly all questions are about the last
    // runs.
    const std::size_t tail = blocks_.size() - 1;
    const std::size_t count = blocks_[tail].size();
    if (count > 1 && blocks_[tail][count - 2].end() <= at)
        return at < end_ ? Position{tail, count - 1} : Position{tail + 1, 0};
    const auto block = std::partition_point(blocks_.begin(), blocks_.end(),
                                            [at](const Block& b) { return b.back().end() <= at; });
    if (block == blocks_.end()) return {blocks_.size(), 0};
    const auto run = std::partition_point(block->begin(), block->end(),
                                          [at](const OwnedRun& r) { return r.end() <= at; });
    return {static_cast<std::size_t>(block - blocks_.begin()),
            static_cast<std::size_t>(run - block->begin())};
}

RangeIndex::Position RangeIndex::next(Position at) const {
    return at.run + 1 < blocks_[at.block].size() ? Position{at.block, at.run + 1}
                                                 : Position{at.block + 1, 0};
}

std::uint64_t RangeIndex::covered(ByteRange range) const {
    std::uint64_t bytes = 0;
    each(range, [&](const OwnedRun& run) { bytes += run.length; });
    return bytes;
}

std::uint64_t RangeIndex::gap_before(StreamOffset at, StreamOffset floor) const {
    Position behind = first_ending_after(at > StreamOffset{} ? at - 1 : at);
    if (behind.block < blocks_.size() && run_at(behind).begin < at) return 0;
    StreamOffset end = floor;
    if (behind.run > 0) {
        end = std::max(end, run_at({behind.block, behind.run - 1}).end());
    } else if (behind.block > 0) {
        end = std::max(end, blocks_[behind.block - 1].back().end());
    }
    return at > end ? at - end : 0;
}

std::size_t RangeIndex::count(ByteRange range) const {
    if (range.empty()) return 0;
    const Position first = first_ending_after(range.begin);
    if (first.block >= blocks_.size()) return 0;
    Position last = first_ending_after(range.end - 1);
    // last is the run that holds the final byte, or the first one behind it.
    const bool holds = last.block < blocks_.size() && run_at(last).begin < range.end;
    std::size_t runs = last.run + (holds ? 1 : 0);
    for (std::size_t block = first.block; block < last.block; ++block)
        runs += blocks_[block].size();
    return runs - first.run;
}

const OwnedRun* RangeIndex::last(ByteRange range) const {
    if (range.empty() || blocks_.empty()) return nullptr;
    const Position behind = first_ending_after(range.end - 1);
    if (behind.block < blocks_.size() && run_at(behind).begin < range.end) return &run_at(behind);
    if (behind.block == 0 && behind.run == 0) return nullptr;
    const OwnedRun& before =
        behind.run > 0 ? run_at({behind.block, behind.run - 1}) : blocks_[behind.block - 1].back();
    return before.end() > range.begin ? &before : nullptr;
}

bool RangeIndex::covers(ByteRange range) const {
    return covered(range) == range.length();
}

}  // namespace seamark
