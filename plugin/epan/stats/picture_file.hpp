// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <string>

namespace seamark {

/// Opens the file that a picture goes to, and makes it (0644) where it is not there; what it holds
/// stays until rewrite(). It is not led elsewhere: symbolic links are followed but in folders that
/// other users can write to (/tmp), and there a file that belongs to another user is not opened.
/// /dev/stdout, devices and FIFOs work as they are; a FIFO that no one reads is not waited for.
///
/// Returns a descriptor, which the caller owns, or -1 and errno: ELOOP for a link that is not
/// followed, EPERM for another user's file, ENXIO for a FIFO that no one reads.
int open_picture(const std::string& path);

/// A stream that writes the picture anew from its beginning, which the caller closes; the
/// descriptor stays open. nullptr and errno if there can be none.
std::FILE* rewrite(int picture);

/// What is wrong with the file of a picture, by errno: a clause without a full stop.
std::string picture_problem(int error);

}  // namespace seamark
