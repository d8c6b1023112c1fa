// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace seamark::trace {

struct TraceOptions {
    std::string events = "seamark-events.pcapng";
    std::vector<std::string> command;
    bool quiet = false;
    bool state = false;     ///< record the kernel's state after each call
    bool tls_keys = false;  ///< write the secrets of TLS sessions into the file, too
};

/// Runs the command with the library under it, and writes what it records to the file of events,
/// as it happens and once more in the order of time at the end. The command has our standard
/// streams, and gets the signals that are sent to us. Says on standard error what was recorded and
/// what could not be seen (if quiet, the latter alone).
///
/// Returns the command's exit status, as a shell would: 128 + N if signal N killed it. Throws
/// std::runtime_error if the command cannot be recorded, or the file cannot be made; the command
/// was not started then.
int trace(const TraceOptions& options);

}  // namespace seamark::trace
