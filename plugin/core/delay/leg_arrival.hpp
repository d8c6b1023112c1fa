// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "core/cause/sender_arrival.hpp"
#include "core/proxy/leg_pairs.hpp"

namespace seamark {

/// When the body bytes of a segment had arrived at its sender, where that is a proxy and the
/// upstream leg is in the same capture. Empty where the segment has bytes of no leg, or of several
/// messages; where the bodies do not match, a byte was captured on one leg alone, or left before it
/// arrived (clocks of two machines); and where a handshake was not captured, because the time on
/// the network is not known then. side: the segment's sender.
std::optional<SenderArrival> arrival_at_sender(const LegPairs& legs, const Connection& connection,
                                               Side side, const Segment& segment);

}  // namespace seamark
