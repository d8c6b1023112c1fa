// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/segment_finder.hpp"

#include <algorithm>

namespace seamark {
namespace {

/// The first segment of a frame, or of a later one where it has none; near: where to look first, at
/// most the number of segments. The steps away from it double until they pass the frame.
std::size_t first_of(const BlockVector<Segment>& all, FrameNumber frame, std::size_t near) {
    const auto is_before = [&](std::size_t i) { return all[i].frame < frame; };
    std::size_t low = near;   // all in front of it are before the frame
    std::size_t high = near;  // it, and all after it, are not
    std::size_t step = 1;
    if (near < all.size() && is_before(near)) {
        do {
            low = high + 1;
            high = std::min(all.size(), high + step);
            step *= 2;
        } while (high < all.size() && is_before(high));
    } else {
        while (low > 0 && !is_before(low - 1)) {
            high = low - 1;
            low = high - std::min(high, step - 1);
            step *= 2;
        }
    }
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (is_before(middle))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}  // namespace

SegmentRange SegmentFinder::segments_of(const Stream& stream, FrameNumber frame) {
    const auto& all = stream.lane().segments();
    at_ = first_of(all, frame, std::min(at_, all.size()));
    std::size_t end = at_;  // most frames carry one
    while (end < all.size() && all[end].frame == frame) ++end;
    const auto begin = all.begin();
    return {begin + static_cast<std::ptrdiff_t>(at_), begin + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace seamark
