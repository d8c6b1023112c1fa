// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seamark::check {

/// The text of a contract that this program contains; empty: none has that name.
std::optional<std::string_view> shipped_contract(std::string_view name);
/// Their names, with commas between them.
std::string shipped_names();

}  // namespace seamark::check
