// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::trace {

/// Finds what a command names (as a shell would, by PATH), and looks into the file whether a
/// library can be put under it. For a script that is its interpreter, and that of `env`.
///
/// Returns the path. Throws std::runtime_error, which says why and what to do, if the file is
/// not there, is statically linked, is for another kind of processor or C library, or changes
/// user when it starts: each of which would run unrecorded, in silence.
std::string find_recordable_program(const std::string& command);

/// The same without a look into the file: for a recorder that puts nothing under it.
std::string find_program(const std::string& command);

}  // namespace seamark::trace
