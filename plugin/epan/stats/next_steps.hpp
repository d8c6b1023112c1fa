// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/report/next_steps.hpp"

namespace seamark {

/// What people type in a shell: tshark, seamark and the system's tools.
const NextSteps& shell_steps();

}  // namespace seamark
