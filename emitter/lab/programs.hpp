// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "lab/child_program.hpp"
#include "lab/network.hpp"
#include "lab/settings.hpp"

namespace seamark::lab {

/// What runs on the lab's hosts: this very program as `serve` and `get`, or the settings' commands
/// under this program as `trace`.
ChildProgram::Start server_program(const Settings& settings, const Network& network);
ChildProgram::Start client_program(const Settings& settings, const Network& network);

}  // namespace seamark::lab
