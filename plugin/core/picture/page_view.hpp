// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/base/json_writer.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/delay_band.hpp"
#include "core/picture/page_lane.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// Appends the data of a direction: an object, as docs/page.md describes it. delays: of its events.
void write_page_view(const Lanes& lanes, const DelayBands& delays, PageTables& tables,
                     JsonWriter& json, LaneTable styles);
/// The same of two legs whose bodies match, by body offset: both are on one axis.
void write_page_view(const StackedLegs& stack, const DelayBands& delays, PageTables& tables,
                     JsonWriter& json, LaneTable styles);

}  // namespace seamark
