// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/cause/segment_facts.hpp"
#include "core/cause/verdict.hpp"

namespace seamark {

/// Calls that copy from a file or pipe, and end with it.
bool takes_from_elsewhere(Call call);

/// The call took less than it was given. A call that copies from a file or pipe ends with that;
/// other calls take less where no more fits into the buffer. Only acknowledgements empty it before
/// the next call: if that one is refused, it was full. Evidence that is given comes first.
Verdict judge_short(const SegmentFacts& facts, const JudgedWrite& write, EvidenceList evidence);

/// The program may have tried to send bytes of the segment long before the call that sent them:
/// evidence for the verdict.
void note_refused_before(const SegmentFacts& facts, Verdict& verdict);

}  // namespace seamark
