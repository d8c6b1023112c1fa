// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/cause/segment_facts.hpp"
#include "core/cause/verdict.hpp"

namespace seamark {

/// The verdict where no call was recorded.
Verdict judge_from_capture(const SegmentFacts& facts);

}  // namespace seamark
