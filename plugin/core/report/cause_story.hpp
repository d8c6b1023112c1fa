// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/cause/verdict.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"
#include "core/stream/call_lane.hpp"

namespace seamark {

/// "nagle (known)", "cwnd (known), mss (consistent)": the verdicts of a segment in a few words.
std::string cause_summary(const std::vector<Verdict>& verdicts);

/// "Bytes of write 2 waited for those of the next: Nagle's algorithm (known). The segment ends …":
/// the same in sentences.
std::string cause_sentences(const std::vector<Verdict>& verdicts);

/// A heading, and for each verdict its sentence, how sure it is and its evidence. writes: the calls
/// of the direction that the verdicts are about.
void tell_causes(const std::vector<Verdict>& verdicts, const CallLane& writes, Prose& page);

/// For each cause once: what takes it away, and where it is seen to be gone. Nothing for
/// a cause that held no byte back, and for one that is not known. false: for none of them.
bool tell_remedies(const std::vector<Verdict>& verdicts, const NextSteps& steps, Prose& page);

}  // namespace seamark
