// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/byte_range.hpp"

namespace seamark {

/// Bytes that one frame carried first. 16 bytes; longer ranges than 4 GiB cannot occur in a
/// segment.
struct OwnedRun {
    StreamOffset begin;
    std::uint32_t length;
    FrameNumber frame;

    constexpr StreamOffset end() const { return begin + length; }
    constexpr ByteRange range() const { return {begin, end()}; }
};

/// Who carried which byte: runs that never overlap, sorted by offset.
///
/// Adding at the end is O(1); elsewhere O(log n) plus a move within one block, so that a capture in
/// reverse order costs no square. A query is a binary search.
class RangeIndex {
  public:
    /// Adds the bytes of range that no one owns yet, calling fresh(ByteRange) for each such part in
    /// order. First arrival wins: what is owned stays as it is.
    template <typename Fresh>
    void claim(ByteRange range, FrameNumber frame, Fresh fresh) {
        if (range.empty()) return;
        if (range.begin >= end_) {
            append(range, frame);
            fresh(range);
            return;
        }
        std::vector<ByteRange> gaps;
        find_gaps(range, gaps);
        for (const ByteRange gap : gaps) {
            insert(gap, frame);
            fresh(gap);
        }
    }

    /// Calls visit(OwnedRun) for each run that overlaps range, clipped to it, in order.
    template <typename Visit>
    void each(ByteRange range, Visit visit) const {
        each_until(range, [&](const OwnedRun& run) {
            visit(run);
            return true;
        });
    }
    /// The same until visit returns false.
    template <typename Visit>
    void each_until(ByteRange range, Visit visit) const {
        if (range.empty() || blocks_.empty()) return;
        for (Position at = first_ending_after(range.begin); at.block < blocks_.size();
             at = next(at)) {
            const OwnedRun& run = run_at(at);
            if (run.begin >= range.end) return;
            const ByteRange part = intersect(run.range(), range);
            if (!visit(OwnedRun{part.begin, static_cast<std::uint32_t>(part.length()), run.frame}))
                return;
        }
    }

    /// What frame owns of range belongs to no frame (kNone) from now on, and stays owned.
    void disown(ByteRange range, FrameNumber frame);

    /// True when every byte of range is owned. An empty range is covered.
    bool covers(ByteRange range) const;
    /// How many bytes of range are owned.
    std::uint64_t covered(ByteRange range) const;
    /// How many bytes in front of at no one owns, back to the owned one before, or to floor.
    std::uint64_t gap_before(StreamOffset at, StreamOffset floor) const;
    /// How many runs overlap range. O(log n) but for one step a block.
    std::size_t count(ByteRange range) const;
    /// The last run that overlaps range; null when none does.
    const OwnedRun* last(ByteRange range) const;
    /// One past the highest owned byte; 0 when empty.
    StreamOffset end() const { return end_; }
    /// Lowest owned byte. Precondition: not empty().
    StreamOffset begin() const { return blocks_.front().front().begin; }
    bool empty() const { return blocks_.empty(); }
    /// Another number after each change, as long as there are fewer than 2^32 of them.
    std::uint32_t version() const { return version_; }

  private:
    using Block = std::vector<OwnedRun>;
    struct Position {
        std::size_t block;
        std::size_t run;
    };
    static constexpr std::size_t kBlockRuns = 256;

    void append(ByteRange range, FrameNumber frame);
    void insert(ByteRange range, FrameNumber frame);
    void find_gaps(ByteRange range, std::vector<ByteRange>& gaps) const;
    Position first_ending_after(StreamOffset at) const;
    Position next(Position at) const;
    const OwnedRun& run_at(Position at) const { return blocks_[at.block][at.run]; }

    std::vector<Block> blocks_;  // none of them empty
    StreamOffset end_;
    std::uint32_t version_ = 0;
};

}  // namespace seamark
