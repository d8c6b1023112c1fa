// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace seamark::plan {

/// Lengths drawn from a seed, the same on every platform: SplitMix64 (state += 0x9e3779b97f4a7c15;
/// the usual two multiplications and three shifts), of which the upper 32 bits x give the length
/// 1 + floor(x * n / 2^32). The standard library's distributions are not used, since each
/// implementation draws as it likes.
class RandomCuts {
  public:
    /// `stream` sets apart what is drawn for different purposes from one seed.
    RandomCuts(std::uint64_t seed, std::uint64_t stream) : state_(seed + stream) {}

    /// A length from 1 to `most`, which is below 2^32.
    std::uint64_t length(std::uint64_t most) { return 1 + (((bits() >> 32) * most) >> 32); }

  private:
    std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace seamark::plan
