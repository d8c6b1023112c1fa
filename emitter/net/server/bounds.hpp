// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/server/memory_budget.hpp"
#include "net/server/work_turns.hpp"

namespace seamark::net {

/// What keeps one connection from taking what the others of its server need.
struct Bounds {
    WorkTurns turns;
    MemoryBudget memory;
};

}  // namespace seamark::net
