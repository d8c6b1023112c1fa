// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/delay_band.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// The lanes over time, to scale but for long idle stretches, which are drawn short and say their
/// length: the counterpart of write_lanes_svg(). Lines join segments with the pieces
/// of other lanes that share their bytes. A picture holds kMostSvgBands bands and kMostSvgPieces
/// pieces and lines; what is left out is said in it.
///
/// stacks: pictures of two legs each (see legs_timeline()), which come first. delays: where the
/// time of events went, of each response a lane above the others, and its verdict.
void write_timeline_svg(const std::vector<Lanes>& all, const LineSink& sink,
                        const std::vector<StackedLegs>& stacks = {},
                        LaneTable styles = lane_table(), const DelayBands& delays = {});

}  // namespace seamark
