// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "core/lanes/lanes.hpp"
#include "core/picture/time_scale.hpp"

namespace seamark {

/// When the bytes of a lane were captured, asked for in order of offset. Borrows the pieces.
class CaptureTimes {
  public:
    explicit CaptureTimes(std::span<const LanePiece> segments) : segments_(segments) {}

    /// Empty where no frame has any of them.
    std::optional<TimeSpan> of(ByteRange range) {
        while (first_ < segments_.size() && segments_[first_].range().end <= range.begin) ++first_;
        std::optional<TimeSpan> span;
        for (std::size_t i = first_; i < segments_.size() && segments_[i].range().begin < range.end;
             ++i) {
            const Segment* segment = segments_[i].as<SegmentPiece>().segment;
            if (segment == nullptr) continue;
            if (!span) span = TimeSpan{segment->time, segment->time};
            span->begin = std::min(span->begin, segment->time);
            span->end = std::max(span->end, segment->time);
        }
        return span;
    }

  private:
    std::span<const LanePiece> segments_;
    std::size_t first_ = 0;
};

}  // namespace seamark
