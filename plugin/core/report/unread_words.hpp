// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/line_sink.hpp"
#include "core/stream/capture_entry.hpp"
#include "core/stream/unread.hpp"

namespace seamark {

namespace words {

/// "TLS: without its keys it is not read": why a part was not read.
std::string why_unread(const Connection& connection, Side side, const Unread& part);

}  // namespace words

/// A line for each part of a direction that belongs to no message, by stream; of many the first
/// are written and the rest counted. keep: as for the chunk table.
///
///     stream 3 response: 1234 bytes at offset 0 not read: TLS: its bytes are not HTTP/1
void write_unread(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                  const LineSink& sink);

}  // namespace seamark
