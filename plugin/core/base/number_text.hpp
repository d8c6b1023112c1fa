// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/base/byte_range.hpp"
#include "core/base/offset.hpp"

namespace seamark::words {

/// Decimal digits.
inline std::string text(std::uint64_t number) {
    return std::to_string(number);
}
template <typename Space>
std::string text(Offset<Space> offset) {
    return std::to_string(offset.value);
}
inline std::string text(FrameNumber frame) {
    return std::to_string(static_cast<std::uint32_t>(frame));
}

/// "1500"; "≥1500" of a range that ends after the last position that there can be.
inline std::string length(ByteRange range) {
    return (range.end == StreamOffset::max() ? "≥" : "") + text(range.length());
}

}  // namespace seamark::words
