// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace seamark {

/// How far a body's content coding was undone.
enum class Decoding : std::uint8_t {
    kNone,     // the body has no content coding
    kUnknown,  // not at all: no decoder is there for it
    kGoesOn,   // so far
    kDone,     // to the coding's own end
    kBroken,   // up to bytes that are none of the coding
    kMissing,  // up to bytes that were not captured
    kRatio,    // up to where it had become longer than DecodingLimits allow
    kMemory,   // up to where a decoder would have needed more memory than they allow
};

/// What it may cost to undo codings: a few coded bytes can stand for very many.
struct DecodingLimits {
    std::uint64_t ratio = 200;                            // decoded bytes for each coded one …
    std::uint64_t free_bytes = std::uint64_t{1} << 20;    // … beyond these
    std::uint64_t memory_each = std::uint64_t{16} << 20;  // bytes, of one body's decoding
    std::uint64_t memory_all = std::uint64_t{256} << 20;  // of all that share the limits
};

}  // namespace seamark
