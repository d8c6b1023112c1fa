// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seamark {

/// Adds `lab` to the application; chosen, it leaves what is to be run in `run`.
void add_lab_command(CLI::App& app, std::function<int()>& run);

}  // namespace seamark
