// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/range_index.hpp"

#include <algorithm>

namespace seamark {

void RangeIndex::append(ByteRange range, FrameNumber frame) {
    const OwnedRun run{range.begin, static_cast<std::uint32_t>(range.length()), frame};
    if (blocks_.empty() || blocks_.back().size() >= kBlockRuns) blocks_.emplace_back();
    blocks_.back().push_back(run);
    end_ = range.end;
    ++size_;
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
    ++size_;
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

RangeIndex::Position RangeIndex::first_ending_after(StreamOffset at) const {
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

bool RangeIndex::covers(ByteRange range) const {
    return covered(range) == range.length();
}

}  // namespace seamark
