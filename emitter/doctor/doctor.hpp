// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::doctor {

struct DoctorOptions {
    std::string tshark = "tshark";  ///< a path, or a name that is looked for on the PATH
    bool json = false;
};

/// Looks at everything that Seamark stands on and prints what was found to standard output. The
/// exit status: 0, 1 if something is wrong, 2 if it could not be printed, 128 and a signal that
/// ended it.
int examine(const DoctorOptions& options);

}  // namespace seamark::doctor
