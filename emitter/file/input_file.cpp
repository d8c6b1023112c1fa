// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace seamark::file {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds longest_wait{10};

[[noreturn]] void fail(const std::string& why) {
    throw std::runtime_error("cannot be read: " + why);
}

struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
};

void wait_for_more(int descriptor, Clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd ready{descriptor, POLLIN, 0};
    if (left.count() > 0 && ::poll(&ready, 1, static_cast<int>(left.count())) != 0) return;
    fail("its end was not reached after 10 s. Name a regular file");
}

}  // namespace

std::string read_input(const std::string& path, std::size_t limit) {
    // Without O_NONBLOCK the call itself would wait for the writer of a FIFO.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) fail(std::strerror(errno));
    const Closer closer{descriptor};
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) fail(std::strerror(errno));
    const std::string too_large =
        "it is larger than " + std::to_string(limit) + " bytes, which is the most that is taken";
    if (S_ISREG(status.st_mode) && status.st_size > static_cast<off_t>(limit)) fail(too_large);
    const auto until = Clock::now() + longest_wait;
    std::string text;
    std::array<char, 4096> piece;
    while (true) {
        const auto count = ::read(descriptor, piece.data(), piece.size());
        if (count < 0 && errno == EAGAIN) {
            wait_for_more(descriptor, until);
        } else if (count < 0 && errno != EINTR) {
            fail(std::strerror(errno));
        } else if (count == 0) {
            if (text.empty() && S_ISFIFO(status.st_mode))
                fail("it is a pipe without a writer. Name a regular file");
            return text;
        } else if (count > 0) {
            text.append(piece.data(), static_cast<std::size_t>(count));
            if (text.size() > limit) fail(too_large);
            if (Clock::now() > until) wait_for_more(descriptor, until);
        }
    }
}

}  // namespace seamark::file
