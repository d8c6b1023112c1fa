// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>

#include "lab/settings.hpp"

namespace seamark::lab {

/// What one run of the lab is to do.
struct LabOptions {
    std::string name = "lab";  ///< of the scenario, for what is said
    Settings settings;
    std::string output;          ///< the capture's file, or a pipe that somebody reads
    bool live = false;           ///< somebody watches: what comes is held for 100 ms only
    bool quiet = false;          ///< say only what went wrong
    bool host_loopback = false;  ///< do not even try namespaces
};

/// Runs it: makes the network, starts server and client, captures and records into one file, ends
/// all of it. What happened is said on standard error. The exit status: 0 if the client got what it
/// asked for; 1 if not, or if there could be no lab, with a message that says what to do; 130 or
/// 143 after SIGINT or SIGTERM.
///
/// However this process ends, by SIGKILL too, nothing stays behind but the file, whose last block
/// is whole.
int run_lab(const LabOptions& options);

}  // namespace seamark::lab
