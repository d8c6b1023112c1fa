// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "core/proxy/leg_pairs.hpp"
#include "core/report/prose.hpp"
#include "core/stream/overlay.hpp"

namespace seamark {

/// Of the messages of some pieces of one direction that are legs of a proxy: which is the other
/// leg, what it has of these bytes, how long they were held, and why its segments lie as they do.
/// Of an exchange in doubt, what the doubt is. Nothing where nothing is known.
void tell_legs(const Connection& connection, Side side, std::span<const Piece> pieces,
               const LegPairs& legs, Prose& page);

}  // namespace seamark
