// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace seamark::file {

/// How an output is opened. A file that is not there is made (0644); one that is there is emptied.
struct OutputUse {
    bool read_back = false;  ///< a regular file is opened to be read as well
    /// How long a FIFO that nobody reads may wait for its reader.
    std::chrono::milliseconds reader_wait{0};
};

/// Opens what is to be written, wherever a person says. Never waits longer than `reader_wait`, and
/// is not led elsewhere: symbolic links are followed but in folders that other users can write to,
/// and there a file that belongs to another user is not opened. /dev/stdout, /dev/fd/N, devices and
/// pipes work as they are; a pipe's descriptor is non-blocking (O_NONBLOCK), all others block.
///
/// Returns a descriptor, which the caller owns. Throws std::system_error, whose text names the
/// path; beside the codes of the system's calls these have a meaning of their own, in the words of
/// output_problem(): ENXIO (nobody reads the FIFO), ELOOP (a link that is not followed), EPERM
/// (another user's file).
int open_output(const std::string& path, const OutputUse& use = {});

/// What is wrong with an output, by errno: a clause without a full stop.
std::string output_problem(int error);

/// What to do about it: a sentence without a full stop. `option` is the option that names the
/// output, such as "--events".
std::string output_remedy(int error, const std::string& option);

}  // namespace seamark::file
