// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/cause/sender_arrival.hpp"
#include "core/cause/verdict.hpp"
#include "core/stream/connection.hpp"

namespace seamark {

/// Why the segment left when it did and ends where it ends: a verdict for the writes that it merges
/// or for what held it, and one for the write that it cuts. side: its sender. arrival: where the
/// sender passes on what it received, and the capture has that too; null: not known.
std::vector<Verdict> judge_segment(const Connection& connection, Side side, const Segment& segment,
                                   const SenderArrival* arrival = nullptr);

}  // namespace seamark
