// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "doctor/facts.hpp"
#include "doctor/finding.hpp"

namespace seamark::doctor {

/// What the facts mean for who wants to use Seamark: always the same checks, in the same order.
/// Pure: nothing is asked of the system.
std::vector<Finding> diagnose(const Facts& facts);

}  // namespace seamark::doctor
