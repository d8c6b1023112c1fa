// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "core/cause/verdict.hpp"
#include "core/stream/call_lane.hpp"

namespace seamark::words {

/// A verdict as a sentence without its full stop: "Bytes of write 2 waited for those of the next:
/// Nagle's algorithm".
std::string sentence(const Verdict& verdict);

/// One piece of evidence: "10 packets in flight of a congestion window of 10". writes: the calls of
/// the direction, which know the names of congestion controls.
std::string sentence(const Evidence& evidence, const CallLane& writes);

}  // namespace seamark::words
