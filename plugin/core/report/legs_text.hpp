// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/base/line_sink.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// Two legs side by side as text, no line wider than 100 columns: a line for each run of body bytes
/// between two neighbouring boundaries of either leg. A cell is number:bytes of a call, number:hex
/// of a chunk, frame:bytes of a segment (of calls the index alone where the table would be too
/// wide); a piece that goes on from the line above is drawn as │. Where the bodies do not match,
/// one leg below the other, each by its own body offsets.
///
///                   upstream                         downstream
///     body+bytes    write  chunk  frame  held ms     chunk  frame
///     0+32          2:42   1:20   12:42  412.123     1:40   19:70
///     32+32         3:42   2:20   14:42  402.006     │      │
void write_legs_text(const StackedLegs& stack, const LineSink& sink,
                     LaneTable styles = lane_table());

}  // namespace seamark
