// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>

namespace seamark::net {
namespace {

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

/// "out.txt" → ".out.txt.1f3a5c7e.part", cut to what a name may have.
std::string name_beside(const std::string& name) {
    static std::random_device random;
    std::array<char, 20> number{};
    std::snprintf(number.data(), number.size(), ".%08x.part", random());
    return '.' + name.substr(0, 200) + number.data();
}

}  // namespace

OutputFile::OutputFile(const std::string& path, const std::function<void()>& wait)
    : place_(find_output(path)) {
    const auto& existing = place_.existing;
    if (existing && S_ISDIR(existing->st_mode)) fail(EISDIR);
    if (existing && !S_ISREG(existing->st_mode)) {
        open_special(wait);
    } else if (existing &&
               ::faccessat(place_.folder.get(), place_.name.c_str(), W_OK, AT_EACCESS) != 0) {
        fail(errno);
    } else if (!create_beside()) {
        open_existing(O_NOFOLLOW);
        if (file_.get() < 0) fail(errno);
        emptied_ = false;
    }
}

OutputFile::~OutputFile() {
    if (!beside_.empty()) ::unlinkat(place_.folder.get(), beside_.c_str(), 0);
}

void OutputFile::open_existing(int flags) {
    file_ = Descriptor(::openat(place_.folder.get(), place_.name.c_str(),
                                O_WRONLY | O_CLOEXEC | O_NOCTTY | flags));
}

void OutputFile::open_special(const std::function<void()>& wait) {
    if (may_be_planted(*place_.existing, place_.folder_status)) {
        throw std::system_error(EPERM, std::generic_category(),
                                "it is another user's, in a folder that everybody can write to");
    }
    const bool proc_link = S_ISLNK(place_.existing->st_mode);
    const bool fifo = S_ISFIFO(place_.existing->st_mode);
    for (;;) {
        open_existing(O_NONBLOCK | (proc_link ? O_APPEND : O_NOFOLLOW));
        if (file_.get() >= 0) break;
        if (errno != ENXIO || !fifo) fail(errno);
        wait();
    }
    struct stat opened {};
    if (::fstat(file_.get(), &opened) != 0) fail(errno);
    if (!proc_link &&
        (opened.st_dev != place_.existing->st_dev || opened.st_ino != place_.existing->st_ino)) {
        fail(ESTALE);
    }
    regular_ = S_ISREG(opened.st_mode);
    ::fcntl(file_.get(), F_SETFL, ::fcntl(file_.get(), F_GETFL) & ~O_NONBLOCK);
}

/// False if the folder takes no file and one is there to be written as it is.
bool OutputFile::create_beside() {
    const auto& existing = place_.existing;
    if (existing && existing->st_dev != place_.folder_status.st_dev) return false;  // mounted there
    std::string name;
    do {
        name = name_beside(place_.name);
        file_ = Descriptor(::openat(place_.folder.get(), name.c_str(),
                                    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    } while (file_.get() < 0 && errno == EEXIST);
    if (file_.get() < 0) {
        if (existing && (errno == EACCES || errno == EPERM || errno == EROFS)) return false;
        fail(errno);
    }
    beside_ = name;
    if (existing && existing->st_uid == ::geteuid()) {
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

}  // namespace seamark::net
