// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seamark {

/// Adds the subcommand `check`; `run` as with add_get_command().
void add_check_command(CLI::App& app, std::function<int()>& run);

}  // namespace seamark
