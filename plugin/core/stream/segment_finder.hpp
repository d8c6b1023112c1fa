// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/stream/overlay.hpp"

namespace seamark {

/// Finds what frames carried as Overlay does, from where it found the last one: a frame near that
/// one, in the order of capture, costs a few steps however long the capture is, any other one twice
/// a binary search. Where it begins to look is all that it keeps: streams may grow meanwhile.
class SegmentFinder {
  public:
    /// As Overlay::segments_of().
    SegmentRange segments_of(const Stream& stream, FrameNumber frame);
    /// As Overlay::time_of().
    std::optional<std::int64_t> time_of(const Stream& stream, FrameNumber frame) {
        const SegmentRange brought = segments_of(stream.carrying(), frame);
        if (brought.empty()) return std::nullopt;
        return brought[0].time;
    }

  private:
    std::size_t at_ = 0;  // where the last frame's segments begin, or would
};

}  // namespace seamark
