// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/lanes/leg_lanes.hpp"
#include "core/picture/band_page.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// Two legs in one picture: the lanes of the upstream leg, how long its bytes were held, and
/// beneath them the lanes of the downstream leg, so that one body offset stands in one line. Where
/// the bodies do not match, one leg below the other, each by its own body offsets, and why. Every
/// piece has its numbers as a title, and the time for which its bytes were held where that is
/// known.
/// verdict: what held the events, lines of text above the lanes.
void draw_legs_svg(const StackedLegs& stack, BandPage& page, LaneTable styles,
                   const std::vector<std::string>& verdict = {});

}  // namespace seamark
