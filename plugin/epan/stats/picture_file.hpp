// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "core/base/line_sink.hpp"

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

/// Writes a picture anew, by what draw hands to the sink. 0, or errno.
int write_picture(int picture, const std::function<void(const LineSink&)>& draw);

/// That a picture cannot be written to a file, why by errno, and what to do.
std::string picture_complaint(const std::string& file, int error);

/// As open_picture(); where that fails the program complains and ends: a file that cannot be
/// written is reported now, not when a long capture has been read.
int open_picture_or_exit(const std::string& path);

/// A new file for a page in the folder for temporary files, readable for this user alone (0600).
/// Its path is put into path. A descriptor, which the caller owns, or -1 and errno.
int open_temporary_page(std::string& path);

}  // namespace seamark
