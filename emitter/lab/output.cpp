// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/output.hpp"

#include <stdexcept>
#include <system_error>

#include "file/output_file.hpp"
#include "plan/escaped.hpp"

namespace seamark::lab {

int open_capture(const std::string& path, bool live) {
    try {
        return file::open_output(
            path, {.read_back = true, .reader_wait = std::chrono::seconds{live ? 10 : 0}});
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        throw std::runtime_error("cannot write to " + plan::printable(path) + ": " +
                                 file::output_problem(code) + ". " +
                                 file::output_remedy(code, live ? "--fifo" : "-o"));
    }
}

}  // namespace seamark::lab
