// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>

#include "core/lanes/lanes.hpp"

namespace seamark {

/// Calls visit(const Segment&) for each segment that carried no new byte, but only some that
/// are shown, in order of capture. Copies of a packet are none.
template <typename Visit>
void each_retransmission(const Lanes& lanes, Visit visit) {
    for (const Segment& segment : lanes.stream->lane().segments()) {
        if (!segment.retransmission() || lanes.stream->is_copy(segment)) continue;
        const bool shown =
            std::any_of(lanes.shown.begin(), lanes.shown.end(),
                        [&](ByteRange range) { return range.overlaps(segment.range()); });
        if (shown) visit(segment);
    }
}

}  // namespace seamark
