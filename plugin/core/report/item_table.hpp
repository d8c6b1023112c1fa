// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// The events of streamed bodies (server-sent events, lines of JSON, JSON sequences, multipart
/// parts), sorted as the chunk table is. Entries must be sorted by stream. keep: an event is left
/// out when no frame that carries it is kept; empty: everything is kept.
///
/// write_item_json: one JSON object an event (the contract is in docs/items.md). complaints get a
/// line for each body of events that a content coding hides.
void write_item_json(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                     const PrintableSink& sink, const LineSink& complaints);
/// The same for people.
void write_item_text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                     const LineSink& sink);

}  // namespace seamark
