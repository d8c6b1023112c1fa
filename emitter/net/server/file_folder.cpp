// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/file_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace seamark::net {
namespace {

/// Puts `length` bytes from `offset` at `at`.
char* read_at(int descriptor, char* at, std::uint64_t length, std::uint64_t offset) {
    while (length > 0) {
        const ssize_t got = ::pread(descriptor, at, length, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            throw plan::BodyError(std::string("its file cannot be read: ") + std::strerror(errno));
        }
        if (got == 0) throw plan::BodyError("its file has become shorter meanwhile");
        at += got;
        length -= static_cast<std::uint64_t>(got);
        offset += static_cast<std::uint64_t>(got);
    }
    return at;
}

}  // namespace

OpenFile::~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

void FileFolder::open_folder(const std::string& path) {
    folder_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) throw std::system_error(errno, std::system_category(), path);
}

FileFolder::~FileFolder() {
    if (folder_ >= 0) ::close(folder_);
}

std::variant<OpenFile, std::string> FileFolder::open(const std::string& name) const {
    if (folder_ < 0) {
        return "names of files only where the server was started with a folder (seamark serve "
               "--files DIR)";
    }
    if (name.empty() || name == "." || name == ".." ||
        name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
        return "the name of a file in the server's folder, with no slash";
    }
    // Without O_NONBLOCK, a pipe would keep the server waiting before it can be seen for what it
    // is.
    const int file =
        ::openat(folder_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) {
        if (errno == ELOOP) return "a file of its own; this one is a symbolic link";
        return std::string("a file in the server's folder that it may read; this one: ") +
               std::strerror(errno);
    }
    struct stat status {};
    const bool known = ::fstat(file, &status) == 0;
    OpenFile open_file(file, known ? static_cast<std::uint64_t>(status.st_size) : 0);
    if (!known || !S_ISREG(status.st_mode)) {
        return "a regular file; this is a folder, a device or the like";
    }
    return open_file;
}

std::string read_all(const OpenFile& file) {
    std::string text(file.size(), '\0');
    read_at(file.descriptor(), text.data(), text.size(), 0);
    return text;
}

char* FileSource::put(char* at, std::uint64_t length) {
    at = read_at(file_.descriptor(), at, length, offset_);
    offset_ += length;
    return at;
}

}  // namespace seamark::net
