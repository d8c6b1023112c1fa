// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/output.hpp"

#include <cerrno>
#include <cstdio>
#include <string>

#include "platform/text.hpp"

namespace seamark {

template <typename Put>
void StandardOutput::write(Put put) {
    if (error_ != 0) return;
    errno = 0;
    put();
    if (std::ferror(stdout) != 0) note_error();
}

LineSink StandardOutput::sink() {
    return [this](std::string_view line) { write([&] { put_line(stdout, line); }); };
}

PrintableSink StandardOutput::printable_sink() {
    return [this](PrintableText line) { write([&] { put_printable_line(stdout, line); }); };
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
