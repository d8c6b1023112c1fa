// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <ostream>

#include "core/base/offset.hpp"

namespace seamark {

/// What a failed comparison of offsets prints.
template <typename Space>
void PrintTo(Offset<Space> at, std::ostream* out) {
    *out << at.value;
}
template <typename Space>
void PrintTo(OffsetRange<Space> range, std::ostream* out) {
    *out << range.begin.value << "-" << range.end.value;
}

namespace test {

/// 100_at is the position 100.
constexpr StreamOffset operator""_at(unsigned long long number) {
    return StreamOffset{number};
}
constexpr ByteRange range(std::uint64_t begin, std::uint64_t end) {
    return {StreamOffset{begin}, StreamOffset{end}};
}

/// Every position that there can be.
inline constexpr ByteRange kEverything{StreamOffset{}, StreamOffset::max()};

}  // namespace test
}  // namespace seamark
