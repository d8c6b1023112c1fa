// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "lab/child_program.hpp"
#include "lab/network.hpp"
#include "lab/settings.hpp"

namespace seamark::lab {

/// What runs on the lab's hosts: this very program as `serve` and `get`, or the settings' commands
/// under this program as `trace`.
/// `plan` is a file with the settings' plan that the server can open, "" if there is none.
ChildProgram::Start server_program(const Settings& settings, const Network& network,
                                   const std::string& plan);
ChildProgram::Start client_program(const Settings& settings, const Network& network);

}  // namespace seamark::lab
