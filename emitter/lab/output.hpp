// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::lab {

/// Opens the file or pipe that a capture goes to, as file::open_output() does. live: Wireshark has
/// made a pipe and opens it a moment later than it calls us; it is waited for, for ten seconds.
///
/// Returns a descriptor, which the caller owns. Throws std::runtime_error with a remedy.
int open_capture(const std::string& path, bool live);

}  // namespace seamark::lab
