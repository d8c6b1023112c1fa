// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/segment_lane.hpp"

#include <algorithm>

namespace seamark {

std::size_t SegmentLane::ordinal(const Segment& segment) const {
    // Where no retransmission comes before it, as nearly always, it counts as many as there are.
    const std::size_t counted = std::size_t{segment.index} - 1;
    if (counted < segments_.size() && &segments_[counted] == &segment) return counted;
    auto at =
        std::lower_bound(segments_.begin(), segments_.end(), segment,
                         [](const Segment& a, const Segment& b) { return a.frame < b.frame; });
    // A frame may carry several.
    while (at != segments_.end() && at->frame == segment.frame && &*at != &segment) ++at;
    if (at == segments_.end() || &*at != &segment) return segments_.size();
    return static_cast<std::size_t>(at - segments_.begin());
}

const SendState* SegmentLane::send_state(const Segment& segment) const {
    const std::size_t at = ordinal(segment);
    if (!send_states_ || at < send_states_->first || at == segments_.size()) return nullptr;
    return &send_states_->all[at - send_states_->first];
}

const Segment* SegmentLane::before(const Segment& segment) const {
    const std::size_t at = ordinal(segment);
    return at == 0 || at == segments_.size() ? nullptr : &segments_[at - 1];
}

}  // namespace seamark
