// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

#include "command_line.hpp"

namespace seamark {

/// Adds the subcommand `serve`. When it is the one that was given, `run` is set to what does its
/// work and returns the exit status.
void add_serve_command(CommandLine& app, std::function<int()>& run);

}  // namespace seamark
