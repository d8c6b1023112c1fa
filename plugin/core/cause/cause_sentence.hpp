// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/cause/cause.hpp"

namespace seamark {

/// What a verdict's sentence is made of.
struct Sentence {
    std::string what;     // "Writes 2 and 3 left together"
    std::string missing;  // what would tell, where the causes are several or none
};

/// Makes a verdict of causes: unknown without any; known with one that is sure.
Verdict conclude(Seam seam, std::vector<Cause> causes, bool sure, const Sentence& sentence,
                 std::vector<std::string> evidence);

/// What to record where kernel state is missing.
inline constexpr const char* kRecordState =
    "record the calls with the kernel's state (seamark serve or trace, --record state)";

}  // namespace seamark
