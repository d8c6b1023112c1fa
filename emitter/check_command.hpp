// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

#include "command_line.hpp"

namespace seamark {

/// Adds the subcommand `check`; `run` as with add_get_command().
void add_check_command(CommandLine& app, std::function<int()>& run);

}  // namespace seamark
