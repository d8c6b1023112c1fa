// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace seamark::check {

enum class Outcome : std::uint8_t {
    kHolds,
    kBroken,
    kUnknown,  ///< there is nothing that could be judged
};

/// What comes of an assertion with one capture.
struct Judgement {
    Outcome outcome = Outcome::kUnknown;
    std::vector<std::uint32_t> frames = {};  ///< those that break it; may be empty
    std::string found = {};                  ///< in words: "3 frames match"
};

/// Numbers of frames as runs of first and last, ascending and apart.
using FrameRuns = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

}  // namespace seamark::check
