// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "file/trusted_folder.hpp"

namespace seamark::file {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_tries{20};

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category(), "open");
}

/// A descriptor until somebody takes it.
class Opened {
  public:
    explicit Opened(int descriptor) : descriptor_(descriptor) {}
    ~Opened() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    int get() const { return descriptor_; }
    int release() { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
};

bool is_fifo(const Place& place) {
    struct stat status {};
    return ::fstatat(place.folder, place.name.c_str(), &status,
                     place.is_descriptor ? 0 : AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISFIFO(status.st_mode);
}

int try_to_open(const Place& place, bool read_back) {
    // A FIFO that is opened to be read as well has a reader for ever: its own writer.
    int flags =
        (read_back && !is_fifo(place) ? O_RDWR : O_WRONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    flags |= place.is_descriptor ? 0 : O_CREAT | O_NOFOLLOW;
    return ::openat(place.folder, place.name.c_str(), flags, 0644);
}

int open_with_reader(const Place& place, const OutputUse& use) {
    const auto until = Clock::now() + use.reader_wait;
    while (true) {
        const int descriptor = try_to_open(place, use.read_back);
        if (descriptor >= 0) return descriptor;
        const int error = errno;
        if (error != ENXIO || !is_fifo(place)) fail(error);
        if (Clock::now() >= until) fail(ENXIO);
        std::this_thread::sleep_for(between_tries);
    }
}

int open_as_named(const std::string& path, const OutputUse& use) {
    const Place place = resolve(path);
    Opened file(open_with_reader(place, use));
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail(errno);
    if (place.shared && !is_ours(status)) fail(EPERM);
    if (S_ISREG(status.st_mode) && ::ftruncate(file.get(), 0) != 0) fail(errno);
    if (!S_ISFIFO(status.st_mode)) {
        const int flags = ::fcntl(file.get(), F_GETFL);
        if (flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) fail(errno);
    }
    return file.release();
}

}  // namespace

int open_output(const std::string& path, const OutputUse& use) {
    try {
        return open_as_named(path, use);
    } catch (const std::system_error& error) {
        throw std::system_error(error.code(), "open " + path);
    }
}

std::string output_problem(int error) {
    switch (error) {
        case ENXIO:
            return "nobody reads this pipe";
        case ELOOP:
            return "a symbolic link leads there, in a folder that other users can write to";
        case EPERM:
            return "it belongs to another user, in a folder that other users can write to";
        default:
            return std::strerror(error);
    }
}

std::string output_remedy(int error, const std::string& option) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "Make room on that file system, or record to another one with " + option;
        case EACCES:
        case EROFS:
            return "Name a file in a folder that you may write to with " + option;
        case EPERM:
            return "Name a file that is not there yet, or one of your own, with " + option;
        case ENOENT:
        case ENOTDIR:
            return "Its folder does not exist: create it, or name a file in another with " + option;
        case EISDIR:
            return "Name a file in that folder with " + option;
        case EFBIG:
            return "The file has reached its limit: raise it (`ulimit -f`)";
        case ELOOP:
            return "Links are followed in folders of your own: name the file itself with " + option;
        case ENXIO:
            return "Start what reads it first, or name a file with " + option;
        case EPIPE:
            return "Whoever read it has gone";
        case EAGAIN:
            return "Whoever reads it does not keep up, or is stopped";
        default:
            return "Name another file with " + option;
    }
}

}  // namespace seamark::file
