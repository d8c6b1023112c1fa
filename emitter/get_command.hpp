// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seamark {

/// Adds the subcommand `get`. When it is the one that was given, `run` is set to what does its
/// work and returns the exit status.
void add_get_command(CLI::App& app, std::function<int()>& run);

}  // namespace seamark
