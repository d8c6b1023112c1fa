// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/segment_lane.hpp"

#include <algorithm>

namespace seamark {

const Departure* SegmentLane::departure(const Segment& segment) const {
    auto at =
        std::lower_bound(segments_.begin(), segments_.end(), segment,
                         [](const Segment& a, const Segment& b) { return a.frame < b.frame; });
    while (at != segments_.end() && &*at != &segment) ++at;  // a frame may carry several
    const auto ordinal = static_cast<std::size_t>(at - segments_.begin());
    if (at == segments_.end() || departures_.empty() || ordinal < first_departure_) return nullptr;
    return &departures_[ordinal - first_departure_];
}

}  // namespace seamark
