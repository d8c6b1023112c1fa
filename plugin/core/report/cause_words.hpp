// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/cause/verdict.hpp"

namespace seamark {

// The words of these are values of seamark.segment.cause, seamark.read.cause and their kin: they do
// not change once shipped.

/// "nagle", "cwnd"
std::string_view to_string(Cause cause);
/// "known", "consistent", "unknown"
std::string_view to_string(Confidence confidence);
/// "merge", "cut"
std::string_view to_string(Boundary boundary);

namespace words {

/// "nagle", "cwnd or pacing"
std::string causes(const CauseList& causes);
/// The same in a sentence: "Nagle's algorithm", "the congestion window or pacing". Empty for a
/// cause that needs no word: that a write ended says it all.
std::string cause_phrases(const CauseList& causes);
/// The same where there is room for a word or two: "Nagle", "congestion window or pacing".
std::string cause_names(const CauseList& causes);

}  // namespace words
}  // namespace seamark
