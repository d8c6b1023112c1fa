// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "doctor/facts.hpp"

namespace seamark::doctor {

/// Asks the system what this process may do. It makes a network namespace, which ends with the
/// process that is started in it, and changes nothing else. For a process with one thread.
SystemFacts ask_system();

}  // namespace seamark::doctor
