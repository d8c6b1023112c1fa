// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace seamark {

/// Moments are ns since 1970. What a file says is kept within 2^62 of them, about 1823 to 2116, so
/// that the difference of any two fits.
constexpr std::int64_t kLastMoment = (std::int64_t{1} << 62) - 1;
constexpr std::int64_t kFirstMoment = -kLastMoment - 1;

constexpr std::int64_t moment_of(std::int64_t ns) {
    return std::clamp(ns, kFirstMoment, kLastMoment);
}
/// ns may be more than a second's.
constexpr std::int64_t moment_of(std::int64_t seconds, std::int32_t ns) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    constexpr std::int64_t kMost = kLastMoment / kSecond;
    return moment_of(std::clamp(seconds, -kMost, kMost) * kSecond + ns);
}

}  // namespace seamark
