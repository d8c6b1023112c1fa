// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/lanes/lanes.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"

namespace seamark {

/// Tells what one segment brought, lane by lane, and what to try next. segment: of this side.
void tell_segment(const CaptureEntry& entry, Side side, const Segment& segment,
                  const NextSteps& steps, Prose& page);

}  // namespace seamark
