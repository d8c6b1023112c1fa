// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seamark::lab {

/// The machine's own loopback, together with the events that running recorders write to files.
struct FollowRun {
    std::vector<std::string> files;  ///< of events, which may not be there yet
    std::uint16_t port = 0;          ///< capture this TCP port only; 0: all
    std::string output;              ///< a pipe that somebody reads
};

/// Captures by dumpcap (whoever may capture in Wireshark may use it) and merges until the reader
/// goes, or SIGINT or SIGTERM comes. The exit status; a message is on standard error if it is not
/// 0.
int follow(const FollowRun& run);

}  // namespace seamark::lab
