// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/output.hpp"

#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "file/output_file.hpp"
#include "file/output_words.hpp"
#include "plan/escaped.hpp"
#include "record/own_capture.hpp"

namespace seamark::lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds longest_wait{10};
constexpr std::chrono::milliseconds between_tries{20};

file::ReaderWait until_wireshark_reads() {
    return [until = Clock::now() + longest_wait] {
        std::this_thread::sleep_for(between_tries);
        return Clock::now() < until;
    };
}

}  // namespace

int open_capture(const std::string& path, bool live) {
    try {
        return file::open_output(path, {.read_back = true,
                                        .wait = live ? until_wireshark_reads() : nullptr,
                                        .replaceable = {.looked_at = record::own_capture_beginning,
                                                        .begins_so = record::is_own_capture}});
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        throw std::runtime_error("cannot write to " + plan::printable(path) + ": " +
                                 file::output_problem(code) + ". " +
                                 file::output_remedy(code, live ? "--fifo" : "-o"));
    }
}

}  // namespace seamark::lab
