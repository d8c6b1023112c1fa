// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/base/offset.hpp"

namespace seamark {

/// Number of a captured frame, from 1, as Wireshark counts. 0: no frame.
enum class FrameNumber : std::uint32_t { kNone = 0 };

/// A TCP sequence number as it stands in a header (RFC 9293 section 3.4): modulo 2^32.
enum class RawSequence : std::uint32_t {};

}  // namespace seamark
