// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "core/report/next_steps.hpp"

namespace seamark::words {

/// What takes a cause away, and where it is seen to be gone. Empty of a cause that held no byte
/// back, and of one that is not known.
std::string remedy(Cause cause, const NextSteps& steps);

}  // namespace seamark::words
