// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/proxy/leg_pairs.hpp"
#include "core/report/prose.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// Where the time of the events of which a frame carried the last byte went, on any leg: a heading
/// and an item each, of many the first. Nothing where there are none. legs: of the whole capture;
/// null: pairs are not judged.
void tell_delays(const std::vector<CaptureEntry>& entries, FrameNumber frame, const LegPairs* legs,
                 Prose& page);

}  // namespace seamark
