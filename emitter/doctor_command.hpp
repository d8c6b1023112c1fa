// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

#include "command_line.hpp"

namespace seamark {

/// `seamark doctor`.
void add_doctor_command(CommandLine& app, std::function<int()>& run);

}  // namespace seamark
