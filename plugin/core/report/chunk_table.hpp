// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// The chunk table: every chunk of every connection, sorted by stream, request before response,
/// message, chunk. Entries must be sorted by stream. keep: a chunk (a message) is left out when no
/// frame that carries it is kept; empty: everything is kept.
///
/// write_chunk_json: one JSON object a chunk (the contract is in docs/chunks.md); complaints get a
/// line for each message that was ended by a fault, which no object can carry. legs: of all
/// connections; null: pairs are not judged.
void write_chunk_json(const std::vector<CaptureEntry>& entries, const LegPairs* legs,
                      const FrameFilter& keep, const PrintableSink& sink,
                      const LineSink& complaints);
/// write_chunk_text: the same for people, with a line for each message that is not chunked.
void write_chunk_text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                      const LineSink& sink);

}  // namespace seamark
