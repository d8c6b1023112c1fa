// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/lanes/leg_lanes.hpp"

namespace seamark {
namespace words {

/// "yes", or why body offsets of the two legs are not compared.
std::string_view describe(BodyMatch match);
/// A sentence.
std::string_view describe(LegDoubt doubt);
/// "through a proxy: stream 1, exchange 1 → stream 0, exchange 1"
std::string heading(const StackedLegs& stack);
/// How the pair is known, what matches, and why times or bytes are not reported: a sentence each.
std::vector<std::string> remarks(const StackedLegs& stack);
/// "upstream, 127.0.0.1:80 → 127.0.0.1:40000"
std::string leg_ends(const StackedLegs& stack, const LegLanes& leg);
/// "held 412.000 ms", "held 1.000 to 412.000 ms"; empty where it is not known.
std::string held(const StackedLegs& stack, BodyRange range);
/// When the bytes of a matched run were captured on each leg, for its title.
std::string title(const MatchedRun& run);

/// "exchange 2: other leg unknown: …": which exchanges have none and why, a line for each reason.
std::vector<std::string> leg_doubts(const Lanes& lanes);

}  // namespace words
}  // namespace seamark
