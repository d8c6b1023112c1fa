// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace seamark::file {

/// Reads a file that a person names, of at most `limit` bytes: never more are read, whatever it is,
/// and it is waited for at most ten seconds in all. A pipe with a writer (such as the shell's
/// `<(command)`) will do; a FIFO without one will not.
///
/// Throws std::runtime_error, whose text goes on from the file's name: "cannot be read: …", with a
/// remedy.
std::string read_input(const std::string& path, std::size_t limit);

}  // namespace seamark::file
