// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::doctor {

/// The first file of that name on the PATH; empty: there is none. It need not be one that this user
/// may execute.
std::string found_on_path(const std::string& name);

}  // namespace seamark::doctor
