// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/cause/verdict.hpp"
#include "core/lanes/lanes.hpp"
#include "core/picture/time_scale.hpp"

namespace seamark {

/// A verdict about a piece as it is drawn between two lanes.
struct PageMark {
    std::size_t piece = 0;  // of the lower lane, which the verdict is about
    /// The bytes that were merged, held or read; empty, at the boundary, of what was cut there.
    ByteRange where;
    /// What waited: from the first and the last call's return (or capture, of a read) to `until`.
    /// Nothing waited where until is before both.
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t until = 0;
    Verdict verdict;
};

/// Why each segment and each read of a direction is as it is, in the order of their lanes. Borrows
/// the lanes.
class PageMarks {
  public:
    explicit PageMarks(const Lanes& lanes);

    /// Of the pieces of a lane; empty where no verdict is about such pieces.
    std::vector<PageMark> of(const Lane& lane) const;
    /// Of a retransmission; piece: what the mark says.
    PageMark of(const Segment& again, std::size_t piece) const;

  private:
    struct Write {
        ByteRange range;
        const CallRecord* call;
    };
    PageMark mark(const SegmentPiece& segment, const LanePiece* next, const Verdict& verdict) const;
    const Write* write(std::uint64_t index) const;

    const Lanes& lanes_;
    std::unordered_map<std::uint64_t, Write> writes_;  // by index
};

/// "40 writes → 5 segments → 7 reads", and what merged, cut and held how many, a clause each.
std::vector<std::string> page_totals(const Lanes& lanes, const std::vector<PageMark>& segments);

}  // namespace seamark
