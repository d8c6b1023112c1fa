// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/base/offset.hpp"

namespace seamark::test {

/// A range of body offsets from plain numbers.
constexpr BodyRange body(std::uint64_t begin, std::uint64_t end) {
    return {BodyOffset{begin}, BodyOffset{end}};
}

}  // namespace seamark::test
