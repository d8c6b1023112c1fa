// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace seamark::trace {

/// What /proc says of a process. The name is what the process chose, fit to be shown.
struct ProcessStat {
    std::string name;
    pid_t parent = 0;
    bool ended = false;  ///< a zombie: it makes no more calls
};

/// Empty where there is no such process, or /proc cannot be read.
std::optional<ProcessStat> stat_of(pid_t process);

}  // namespace seamark::trace
