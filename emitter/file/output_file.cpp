// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>

namespace seamark::file {
namespace {

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category(), "open");
}

bool is_fifo(const Place& place) {
    struct stat status {};
    return ::fstatat(place.folder.get(), place.name.c_str(), &status,
                     place.is_descriptor ? 0 : AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISFIFO(status.st_mode);
}

/// What has the name, as it is; O_NONBLOCK, so that no FIFO holds the call up.
Descriptor open_with_reader(const Place& place, int flags, const ReaderWait& wait) {
    flags |= O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (place.is_descriptor ? 0 : O_NOFOLLOW);
    if (place.is_descriptor) flags &= ~O_CREAT;
    for (;;) {
        Descriptor file(::openat(place.folder.get(), place.name.c_str(), flags, 0644));
        if (file.get() >= 0) return file;
        const int error = errno;
        if (error != ENXIO || !is_fifo(place) || !wait || !wait()) fail(error);
    }
}

void let_it_block(const Descriptor& file) {
    const int flags = ::fcntl(file.get(), F_GETFL);
    if (flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) fail(errno);
}

/// Whether a regular file is empty or may be emptied. A device or a pipe has nothing to lose.
bool may_be_emptied(const Descriptor& file, const struct stat& status, const Replaceable& which) {
    if (which.begins_so == nullptr || !S_ISREG(status.st_mode) || status.st_size == 0) return true;
    std::string beginning(which.looked_at, '\0');
    const ssize_t count = ::pread(file.get(), beginning.data(), beginning.size(), 0);
    if (count < 0) return false;  // it may be written and not be read
    beginning.resize(static_cast<std::size_t>(count));
    return which.begins_so(beginning);
}

/// O_RDWR where something is to be read as well. What may only be written is opened for that alone,
/// where reading it is no more than a precaution.
Descriptor open_to_write(const Place& place, const OutputUse& use) {
    // A FIFO that is opened to be read as well has a reader for ever: its own writer.
    const bool looks = use.replaceable.begins_so != nullptr;
    const int access = (use.read_back || looks) && !is_fifo(place) ? O_RDWR : O_WRONLY;
    try {
        return open_with_reader(place, access | O_CREAT, use.wait);
    } catch (const std::system_error& error) {
        if (error.code().value() != EACCES || access == O_WRONLY || use.read_back) throw;
        return open_with_reader(place, O_WRONLY | O_CREAT, use.wait);
    }
}

int open_in_place(const std::string& path, const OutputUse& use) {
    const Place place = resolve(path);
    Descriptor file = open_to_write(place, use);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail(errno);
    if (place.shared && !is_ours(status)) fail(EPERM);
    if (!may_be_emptied(file, status, use.replaceable)) fail(EEXIST);
    if (!use.keep && S_ISREG(status.st_mode) && ::ftruncate(file.get(), 0) != 0) fail(errno);
    if (!S_ISFIFO(status.st_mode)) let_it_block(file);
    return file.release();
}

/// "out.txt" → ".out.txt.1f3a5c7e.part", cut to what a name may have.
std::string name_beside(const std::string& name) {
    static std::random_device random;
    std::array<char, 20> number{};
    std::snprintf(number.data(), number.size(), ".%08x.part", random());
    return '.' + name.substr(0, 200) + number.data();
}

}  // namespace

int open_output(const std::string& path, const OutputUse& use) {
    try {
        return open_in_place(path, use);
    } catch (const std::system_error& error) {
        throw std::system_error(error.code(), "open " + path);
    }
}

OutputFile::OutputFile(const std::string& path, const ReaderWait& wait) : place_(resolve(path)) {
    const int folder = place_.folder.get();
    const char* const name = place_.name.c_str();
    struct stat existing {};
    const bool exists = ::fstatat(folder, name, &existing, AT_SYMLINK_NOFOLLOW) == 0;
    if (!exists && errno != ENOENT) fail(errno);
    if (exists && S_ISDIR(existing.st_mode)) fail(EISDIR);
    if (exists && place_.shared && !is_ours(existing)) fail(EPERM);
    if (exists && !S_ISREG(existing.st_mode)) {
        open_special(existing, wait);
    } else if (exists && ::faccessat(folder, name, W_OK, AT_EACCESS) != 0) {
        fail(errno);
    } else if (!create_beside(exists ? &existing : nullptr)) {
        file_ = open_with_reader(place_, O_WRONLY, {});
        let_it_block(file_);
        emptied_ = false;
    }
}

OutputFile::~OutputFile() {
    if (!beside_.empty()) ::unlinkat(place_.folder.get(), beside_.c_str(), 0);
}

void OutputFile::open_special(const struct stat& existing, const ReaderWait& wait) {
    file_ = open_with_reader(place_, O_WRONLY | (place_.is_descriptor ? O_APPEND : 0), wait);
    struct stat opened {};
    if (::fstat(file_.get(), &opened) != 0) fail(errno);
    if (!place_.is_descriptor &&
        (opened.st_dev != existing.st_dev || opened.st_ino != existing.st_ino)) {
        fail(ESTALE);
    }
    regular_ = S_ISREG(opened.st_mode);
    let_it_block(file_);
}

/// False if the folder takes no file and one is there to be written as it is.
bool OutputFile::create_beside(const struct stat* existing) {
    struct stat folder {};
    if (::fstat(place_.folder.get(), &folder) != 0) fail(errno);
    if (existing != nullptr && existing->st_dev != folder.st_dev) return false;  // mounted there
    std::string name;
    do {
        name = name_beside(place_.name);
        file_ = Descriptor(::openat(place_.folder.get(), name.c_str(),
                                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    } while (file_.get() < 0 && errno == EEXIST);
    if (file_.get() < 0) {
        if (existing != nullptr && (errno == EACCES || errno == EPERM || errno == EROFS)) {
            return false;
        }
        fail(errno);
    }
    beside_ = name;
    if (existing != nullptr && existing->st_uid == ::geteuid()) {
        ::fchmod(file_.get(), existing->st_mode & 0777);
    }
    return true;
}

std::size_t OutputFile::write(std::string_view bytes) {
    empty();
    ssize_t taken = 0;
    do {
        taken = ::write(file_.get(), bytes.data(), bytes.size());
    } while (taken < 0 && errno == EINTR);
    if (taken < 0) fail(errno);
    put_in_place();
    return static_cast<std::size_t>(taken);
}

void OutputFile::finish() {
    empty();
    put_in_place();
}

void OutputFile::empty() {
    if (!emptied_ && ::ftruncate(file_.get(), 0) != 0) fail(errno);
    emptied_ = true;
}

void OutputFile::put_in_place() {
    if (beside_.empty()) return;
    const int folder = place_.folder.get();
    if (::renameat(folder, beside_.c_str(), folder, place_.name.c_str()) != 0) fail(errno);
    beside_.clear();
}

}  // namespace seamark::file
