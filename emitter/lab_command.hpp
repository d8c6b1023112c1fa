// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

#include "command_line.hpp"

namespace seamark {

/// Adds `lab` to the application; chosen, it leaves what is to be run in `run`.
void add_lab_command(CommandLine& app, std::function<int()>& run);

}  // namespace seamark
