// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/body_output.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <stdexcept>
#include <system_error>

#include "file/output_words.hpp"

namespace seamark::net {

BodyOutput::BodyOutput(const std::string& path, bool discard, const WaitLimits& limits)
    : limits_(limits), name_(path.empty() ? "standard output" : path), discard_(discard) {
    if (discard) return;
    struct stat status {};
    if (path.empty()) {
        may_wait_ = ::fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
        return;
    }
    try {
        file_.emplace(path, [&] {
            limits.pause(std::chrono::milliseconds{20},
                         "no program has opened " + path + " to read it");
            return true;
        });
    } catch (const std::system_error& e) {
        fail(e.code().value());
    }
    may_wait_ = !file_->regular();
}

void BodyOutput::put(std::string_view bytes) {
    if (discard_) return;
    try {
        while (!bytes.empty()) bytes.remove_prefix(write_some(bytes));
    } catch (const std::system_error& e) {
        fail(e.code().value());
    }
}

void BodyOutput::finish() {
    if (!file_) return;
    try {
        file_->finish();
    } catch (const std::system_error& e) {
        fail(e.code().value());
    }
}

/// A pipe that is ready takes PIPE_BUF bytes without a wait that no signal would end.
std::size_t BodyOutput::write_some(std::string_view bytes) {
    const int descriptor = file_ ? file_->descriptor() : STDOUT_FILENO;
    if (may_wait_) {
        limits_.for_other(descriptor, POLLOUT, "nothing read " + name_);
        bytes = bytes.substr(0, PIPE_BUF);
    }
    if (file_) return file_->write(bytes);
    const auto taken = ::write(descriptor, bytes.data(), bytes.size());
    if (taken >= 0) return static_cast<std::size_t>(taken);
    if (errno == EAGAIN || errno == EINTR) return 0;
    throw std::system_error(errno, std::generic_category());
}

void BodyOutput::fail(int error) const {
    throw std::runtime_error("cannot write the body to " + name_ + ": " +
                             file::output_problem(error) + ". " + file::output_remedy(error, "-o"));
}

}  // namespace seamark::net
