// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::trace {

/// The library that `seamark trace` puts under programs: beside this program, in a build tree and
/// where it is installed. Throws std::runtime_error, which says what to do, where it is not there
/// or its path cannot stand in LD_PRELOAD.
std::string find_own_library();

}  // namespace seamark::trace
