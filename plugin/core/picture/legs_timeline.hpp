// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "core/lanes/leg_lanes.hpp"
#include "core/picture/timeline.hpp"

namespace seamark {

/// Both legs of a proxied exchange on one axis of time: the lanes of the upstream leg, beneath them
/// those of the downstream one. Where the bodies match, lines go from leg to leg between the pieces
/// that share body bytes: from the proxy's reads to its writes where both were recorded, else from
/// segments to segments. How far a line leans to the right is how long the bytes were held. Titles
/// end with that time, where it is known. Of each lane the first most pieces are taken.
Timeline legs_timeline(const StackedLegs& stack, std::size_t most, LaneTable styles = lane_table());

}  // namespace seamark
