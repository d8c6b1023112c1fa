// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>

#include <string>

#include "file/descriptor.hpp"

namespace seamark::file {

/// Whether users other than this one and root can make or replace entries of a folder, as in /tmp:
/// it is writable by all or by a group other than the user's own, or belongs to another user.
bool others_can_write(const struct stat& folder);

/// Whether a file belongs to this user or root.
bool is_ours(const struct stat& file);

/// Where a path leads: a folder that is open, and the name of an entry there that is no symbolic
/// link (or the link of a descriptor in /proc, such as /proc/self/fd/1).
struct Place {
    Descriptor folder;
    std::string name;
    bool shared = false;  ///< others can write to the folder
    bool is_descriptor = false;
};

/// Follows symbolic links in any part of `path`, but none that stands in a folder that others can
/// write to. The entry itself need not exist. Throws std::system_error: its code is that of the
/// system's call, and ELOOP for a link that is not followed.
Place resolve(const std::string& path);

}  // namespace seamark::file
