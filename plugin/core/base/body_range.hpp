// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace seamark {

/// Half-open range of positions in the body of one message, from 0, with chunk framing taken off
/// and before any content coding is undone. Of another type than ByteRange: the two do not mix.
struct BodyRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    constexpr std::uint64_t length() const { return end - begin; }
    constexpr bool empty() const { return end <= begin; }
    friend constexpr bool operator==(BodyRange, BodyRange) = default;
};

/// What two ranges share; empty (at some position) when they share nothing.
constexpr BodyRange intersect(BodyRange a, BodyRange b) {
    const std::uint64_t begin = std::max(a.begin, b.begin);
    return {begin, std::max(begin, std::min(a.end, b.end))};
}

}  // namespace seamark
