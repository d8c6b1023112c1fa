// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/lanes/lanes.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/report/lane_table.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"

namespace seamark {

/// Describes what one segment carried, lane by lane, and what to try next. lanes:
/// lanes_of_segment() of it; each is reported, if the table has a row for it. legs: null: pairs are
/// not judged.
void tell_segment(const Lanes& lanes, const Segment& segment, const NextSteps& steps,
                  const LegPairs* legs, Prose& page, LaneTable styles = lane_table());

}  // namespace seamark
