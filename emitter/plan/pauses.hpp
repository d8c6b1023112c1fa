// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "plan/random_cuts.hpp"

namespace seamark::plan {

/// The pauses in front of writes: all alike, or, with a seed, x * y / gap us, where x and y are
/// drawn from 1 to 2 * gap us each. That is `gap` on average and four times as much at most, with
/// many short ones and a few long ones, as the tokens of a language model arrive.
class Pauses {
  public:
    static constexpr int longest = 4;  ///< in gaps

    Pauses(std::chrono::microseconds gap, std::optional<std::uint32_t> seed)
        : gap_(gap), random_(seed.has_value()), draws_(seed.value_or(0), std::uint64_t{1} << 62) {}

    std::chrono::microseconds next() {
        if (!random_ || gap_.count() == 0) return gap_;
        const auto gap = static_cast<std::uint64_t>(gap_.count());
        const std::uint64_t x = draws_.length(2 * gap);
        const std::uint64_t y = draws_.length(2 * gap);
        return std::chrono::microseconds(static_cast<std::int64_t>(x * y / gap));
    }

  private:
    std::chrono::microseconds gap_;
    bool random_;
    RandomCuts draws_;
};

}  // namespace seamark::plan
