// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/output.hpp"

#include <cerrno>
#include <cstdio>
#include <string>

#include "platform/text.hpp"

namespace seamark {

LineSink StandardOutput::sink() {
    return [this](std::string_view line) {
        if (error_ != 0) return;
        errno = 0;
        put_line(stdout, line);
        if (std::ferror(stdout) != 0) note_error();
    };
}

void StandardOutput::finish(std::string_view what) {
    errno = 0;
    if (error_ == 0 && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) note_error();
    if (error_ != 0 && error_ != EPIPE)
        complain("seamark: " + std::string(what) +
                 " could not be written whole: is the disk full?");
}

void StandardOutput::note_error() {
    error_ = errno != 0 ? errno : EIO;
}

}  // namespace seamark
