// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "trace/kernel/kernel_recorder.hpp"

namespace seamark::trace::kernel {

struct KernelTraceOptions {
    std::string events = "seamark-events.pcapng";
    Selection selection;
    std::vector<std::string> command;  ///< empty: what runs is recorded until a signal ends it
    bool quiet = false;
    bool state = false;  ///< record the socket's state with each call
};

/// Records calls on TCP sockets in the kernel, whichever program makes them, and writes them to the
/// file of events. With a command: what it and its children do, until it has ended; its exit
/// status is returned. Else until SIGINT or SIGTERM, or until the last of the processes that were
/// named has ended; returns 0. Says on standard error what was recorded, and what was not.
///
/// Throws std::runtime_error where this is not possible, with what works instead.
int trace(const KernelTraceOptions& options);

}  // namespace seamark::trace::kernel
