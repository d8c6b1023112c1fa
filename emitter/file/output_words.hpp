// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::file {

/// What is wrong with an output, by errno: a clause without a full stop.
std::string output_problem(int error);

/// What to do about it: a sentence without a full stop. `option` is the option that names the
/// output, such as "--events".
std::string output_remedy(int error, const std::string& option);

}  // namespace seamark::file
