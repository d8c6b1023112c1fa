// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/segment_lane.hpp"

#include <algorithm>

namespace seamark {

std::size_t SegmentLane::ordinal(const Segment& segment) const {
    auto at =
        std::lower_bound(segments_.begin(), segments_.end(), segment,
                         [](const Segment& a, const Segment& b) { return a.frame < b.frame; });
    // A frame may carry several.
    while (at != segments_.end() && at->frame == segment.frame && &*at != &segment) ++at;
    if (at == segments_.end() || &*at != &segment) return segments_.size();
    return static_cast<std::size_t>(at - segments_.begin());
}

const Departure* SegmentLane::departure(const Segment& segment) const {
    const std::size_t at = ordinal(segment);
    if (!departures_ || at < departures_->first || at == segments_.size()) return nullptr;
    return &departures_->all[at - departures_->first];
}

const Segment* SegmentLane::before(const Segment& segment) const {
    const std::size_t at = ordinal(segment);
    return at == 0 || at == segments_.size() ? nullptr : &segments_[at - 1];
}

}  // namespace seamark
