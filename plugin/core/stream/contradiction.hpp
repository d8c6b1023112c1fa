// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/stream/call_doubts.hpp"
#include "core/stream/stream.hpp"

namespace seamark {

/// Whether a packet was certainly captured before a call began, both ns since 1970. The time of a
/// packet may have been cut to microseconds or milliseconds, that of a call is not.
bool is_before(std::int64_t captured, std::int64_t entered);

/// What the capture says against a write call: a byte of it was captured before the call began. The
/// segments in question have times.
std::optional<Contradiction> find_contradiction(const Stream& stream, CallRange range,
                                                const CallRecord& call);
/// The same of all writes whose bytes a segment of the stream has.
std::optional<Contradiction> find_contradiction(const Stream& stream, const Segment& segment);

}  // namespace seamark
