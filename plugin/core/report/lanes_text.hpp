// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// The lanes as text, no line wider than 100 columns (code points): for each direction a heading,
/// and a line for each run of bytes between two neighbouring boundaries. A piece that goes on from the
/// line above is drawn as │. A lane that is not known has no column.
///
///     offset+bytes  write      chunk              segment frame:bytes  cause          read
///     0+63          1 send 63  head               1 4:72 ×1            cork (known)   1 recv 72
///     63+9          2 send 14  1 hex 5 line+data  │                    │              │
///     72+5          │          │ data+end         2 5:5 ×1             write (known)  2 recv 5
///
/// stacks: tables of two legs each (see write_legs_text), which come first. styles: how each kind of
/// lane is written.
void write_lanes_text(const std::vector<Lanes>& all, const LineSink& sink,
                      const std::vector<StackedLegs>& stacks = {},
                      LaneTable styles = lane_table());

}  // namespace seamark
