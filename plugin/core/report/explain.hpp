// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/report/next_steps.hpp"
#include "core/report/prose.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// A page of plain sentences about one frame, for people who ask "what happened here?": which
/// writes, chunks, segment, packets and reads its bytes belong to, where each of them was cut or
/// merged, what that shows and what it does not, and what to try next. Of a recorded call: which
/// frames carry its bytes.
///
/// No line is wider than so many columns (code points). Of many pieces the first are reported and
/// the rest is counted. A frame that carries nothing that Seamark reads gets a page that says so;
/// no frame number is an error. Entries must be sorted by stream. steps: what to type next. legs:
/// of the whole capture; null: pairs are not judged.
void write_explanation(const std::vector<CaptureEntry>& entries, FrameNumber frame,
                       const NextSteps& steps, const LineSink& sink, const LegPairs* legs = nullptr,
                       std::size_t columns = Prose::kColumns);

}  // namespace seamark
