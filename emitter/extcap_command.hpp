// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seamark {

/// Adds `extcap` to the application, which Wireshark calls; chosen, it leaves what is to be run in
/// `run`.
void add_extcap_command(CLI::App& app, std::function<int()>& run);

}  // namespace seamark
