// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/byte_range.hpp"
#include "core/base/line_sink.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/delay_band.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// What a page shows first, and how much it says.
struct PageChoice {
    std::string title = {};                  // of the page: a file's name; shown as text
    FrameNumber frame = FrameNumber::kNone;  // whose first piece is selected; none: nothing is
    bool content = false;  // names and ids of events and chunk extensions are in it
};

/// Writes the interactive page: one HTML file that needs nothing else, with the lanes of all
/// directions and pairs of legs as data (docs/page.md) and the script that draws them
/// (picture/page). delays: where the time of events went. Responses come first. No payload, no
/// header value and no target is in it.
void write_lanes_page(const std::vector<Lanes>& all, const LineSink& sink,
                      const std::vector<StackedLegs>& stacks = {}, const PageChoice& choice = {},
                      LaneTable styles = lane_table(), const DelayBands& delays = {});

}  // namespace seamark
