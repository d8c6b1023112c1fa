// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// Where the time of each event went (of each chunk, of a body without events): a row each, and of
/// each response a summary with a verdict. Legs of a proxy are one response. Entries must be sorted
/// by stream. legs: of the whole capture; null: pairs are not judged. keep: a row is left out, and
/// no part of the summary, when no frame that carried its last byte on any leg is kept; empty:
/// everything is kept.
///
/// write_delay_json: one JSON object a line (the contract is in docs/latency.md).
void write_delay_json(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const PrintableSink& sink);
/// The same for people.
void write_delay_text(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const LineSink& sink);

}  // namespace seamark
