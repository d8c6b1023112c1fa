// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/trusted_folder.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fstream>
#include <system_error>
#include <utility>

namespace seamark::file {
namespace {

constexpr int most_links = 40;  // as the kernel
constexpr uid_t unmapped = 65534;

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

/// In a user namespace of one user, everybody else's files, root's too, belong to "nobody".
bool root_is_unmapped() {
    std::ifstream map("/proc/self/uid_map");
    for (unsigned long inside = 0, outside = 0, count = 0; map >> inside >> outside >> count;)
        if (inside == 0 || (inside <= unmapped && unmapped - inside < count)) return false;
    return map.eof();
}

bool is_trusted(uid_t user) {
    return user == ::geteuid() || user == 0 || (user == unmapped && root_is_unmapped());
}

bool is_proc(int folder) {
    struct statfs system {};
    return ::fstatfs(folder, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

std::string target_of(int folder, const std::string& name) {
    std::array<char, PATH_MAX> text;
    const auto length = ::readlinkat(folder, name.c_str(), text.data(), text.size());
    if (length < 0) fail(errno, "readlink " + name);
    return {text.data(), static_cast<std::size_t>(length)};
}

/// Walks a path entry by entry; what a link says takes the link's place in front of the rest.
class Walk {
  public:
    explicit Walk(std::string path) : rest_(std::move(path)) {
        if (rest_.empty()) fail(ENOENT, "open");
        begin();
    }

    Place go() {
        for (std::string name = next(); !last_; name = next()) enter(name);
        return std::move(place_);
    }

  private:
    void begin() {
        if (folder() >= 0 && rest_[0] != '/') return;
        open_folder(AT_FDCWD, rest_[0] == '/' ? "/" : ".", 0);
    }

    /// The next entry, once the links in its place are followed.
    std::string next() {
        while (true) {
            rest_.erase(0, std::min(rest_.find_first_not_of('/'), rest_.size()));
            const auto end = std::min(rest_.find('/'), rest_.size());
            std::string name = rest_.substr(0, end);
            rest_.erase(0, end);
            last_ = rest_.empty();
            if (name.empty()) name = ".";  // a path that ends with "/"
            look_at(name);
            if (!is_link_ || place_.is_descriptor) {
                place_.name = name;
                return name;
            }
            if (++links_ > most_links) fail(ELOOP, "open");
            if (place_.shared) fail(ELOOP, "follow the link " + name);
            const std::string target = target_of(folder(), name);
            if (target.empty()) fail(ENOENT, "open");
            rest_ = target + rest_;
            begin();
        }
    }

    void look_at(const std::string& name) {
        struct stat status {};
        struct stat entry {};
        if (::fstat(folder(), &status) != 0) fail(errno, "stat");
        const bool in_proc = is_proc(folder());
        place_.shared = !in_proc && others_can_write(status);
        is_link_ = ::fstatat(folder(), name.c_str(), &entry, AT_SYMLINK_NOFOLLOW) == 0 &&
                   S_ISLNK(entry.st_mode);
        place_.is_descriptor = in_proc && is_link_;
    }

    void enter(const std::string& name) {
        open_folder(folder(), name.c_str(), place_.is_descriptor ? 0 : O_NOFOLLOW);
    }

    int folder() const { return place_.folder.get(); }

    void open_folder(int at, const char* name, int flags) {
        const int opened = ::openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
        if (opened < 0) fail(errno, "open");
        place_.folder = Descriptor(opened);
    }

    std::string rest_;
    Place place_;
    int links_ = 0;
    bool last_ = false;
    bool is_link_ = false;
};

}  // namespace

bool others_can_write(const struct stat& folder) {
    return (folder.st_mode & S_IWOTH) != 0 ||
           ((folder.st_mode & S_IWGRP) != 0 && folder.st_gid != ::getegid() &&
            folder.st_gid != 0) ||
           !is_ours(folder);
}

bool is_ours(const struct stat& file) {
    return is_trusted(file.st_uid);
}

Place resolve(const std::string& path) {
    return Walk(path).go();
}

}  // namespace seamark::file
