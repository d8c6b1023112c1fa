// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/output.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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

file::Descriptor open_capture(const std::string& path, bool live) {
    try {
        return file::Descriptor(
            file::open_output(path, {.read_back = true,
                                     .wait = live ? until_wireshark_reads() : nullptr,
                                     .replaceable = {.looked_at = record::own_capture_beginning,
                                                     .begins_so = record::is_own_capture},
                                     .keep = true}));
    } catch (const std::system_error& error) {
        const int code = error.code().value();
        throw std::runtime_error("cannot write to " + plan::printable(path) + ": " +
                                 file::output_problem(code) + ". " +
                                 file::output_remedy(code, live ? "--fifo" : "-o"));
    }
}

bool nothing_at(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) != 0 && errno == ENOENT;
}

bool is_file(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

bool is_empty_file(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

}  // namespace

CaptureOutput::CaptureOutput(const std::string& path, bool live)
    : made_(nothing_at(path) ? path : ""), file_(open_capture(path, live)) {}

CaptureOutput::~CaptureOutput() {
    if (!made_.empty() && is_empty_file(file_.get())) ::unlink(made_.c_str());
}

void CaptureOutput::begin() const {
    if (is_file(file_.get()) && ::ftruncate(file_.get(), 0) != 0)
        throw std::system_error(errno, std::generic_category(), "ftruncate");
}

}  // namespace seamark::lab
