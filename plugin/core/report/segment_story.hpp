// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/lanes/lanes.hpp"
#include "core/report/lane_table.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"

namespace seamark {

/// Tells what one segment brought, lane by lane, and what to try next. lanes: lanes_of_segment() of
/// it; each is told, if the table has a row for it.
void tell_segment(const Lanes& lanes, const Segment& segment, const NextSteps& steps, Prose& page,
                  LaneTable styles = lane_table());

}  // namespace seamark
