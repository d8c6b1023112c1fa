// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::import {

/// How a log is made that can be imported, as one types it.
inline constexpr const char* kStraceLine =
    "strace -f -ttt -T -yy -e trace=network,desc -o FILE COMMAND";

struct ImportOptions {
    std::string log;                               ///< made by strace
    std::string events = "seamark-events.pcapng";  ///< to be written
    bool quiet = false;                            ///< say only what is missing
};

/// Reads a log of strace and writes the calls on TCP connections as write-event packets
/// (docs/event-format.md). The exit status: 0, or 1 with a message on standard error that names
/// the file, the line and the remedy. Where it fails while it reads, no file is made.
int import_strace(const ImportOptions& options);

}  // namespace seamark::import
