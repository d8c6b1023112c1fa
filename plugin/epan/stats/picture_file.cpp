// SPDX-License-Identifier: GPL-2.0-or-later
#include "stats/picture_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "platform/text.hpp"

namespace seamark {
namespace {

// Qualified calls of the system: Wireshark's checkers want ws_open() and the like in their place,
// whose header is installed with no release, and which are these very calls where there are
// openat() and /proc.

constexpr int kMostLinks = 40;  // as the kernel

bool is_ours(const struct stat& file) {
    return file.st_uid == geteuid() || file.st_uid == 0;
}

/// Whether others can make or replace what is in the folder.
bool others_can_write(const struct stat& folder) {
    const bool by_group =
        (folder.st_mode & S_IWGRP) != 0 && folder.st_gid != getegid() && folder.st_gid != 0;
    return (folder.st_mode & S_IWOTH) != 0 || by_group || !is_ours(folder);
}

/// There links stand for what is open, as in /proc/self/fd/1, and have no path after them.
bool is_proc(int folder) {
    struct statfs system {};
    return fstatfs(folder, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

/// Goes along a path, an entry at a time; what a link says takes the link's place.
class Walk {
  public:
    explicit Walk(std::string path) : rest_(std::move(path)) {}
    ~Walk() { put(-1); }
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    /// A descriptor of what the path leads to, or -1 and errno.
    int open_end() {
        if (rest_.empty()) return refuse(ENOENT);
        if (!begin()) return -1;
        for (;;) {
            const std::string name = take_entry();
            struct stat folder {};
            if (::fstat(folder_, &folder) != 0) return -1;
            const bool in_proc = is_proc(folder_);
            const bool shared = !in_proc && others_can_write(folder);
            struct stat entry {};
            const bool is_link = fstatat(folder_, name.c_str(), &entry, AT_SYMLINK_NOFOLLOW) == 0 &&
                                 S_ISLNK(entry.st_mode);
            if (is_link && !in_proc) {
                if (shared || ++links_ > kMostLinks) return refuse(ELOOP);
                if (!follow(name)) return -1;
            } else if (rest_.empty()) {
                return open_file(name, is_link, shared);
            } else if (!put(
                           openat(folder_, name.c_str(),
                                  O_PATH | O_DIRECTORY | O_CLOEXEC | (is_link ? 0 : O_NOFOLLOW)))) {
                return -1;
            }
        }
    }

  private:
    static int refuse(int error) {
        errno = error;
        return -1;
    }

    bool put(int folder) {
        if (folder_ >= 0) {
            const int saved = errno;
            close(folder_);
            errno = saved;
        }
        folder_ = folder;
        return folder >= 0;
    }

    bool begin() {
        const bool from_root = rest_.front() == '/';
        if (folder_ >= 0 && !from_root) return true;
        return put(::open(from_root ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    }

    /// "." where the path ends with a slash.
    std::string take_entry() {
        rest_.erase(0, std::min(rest_.find_first_not_of('/'), rest_.size()));
        const std::size_t end = std::min(rest_.find('/'), rest_.size());
        std::string name = rest_.substr(0, end);
        rest_.erase(0, end);
        return name.empty() ? "." : name;
    }

    bool follow(const std::string& link) {
        std::array<char, PATH_MAX> target{};
        const ssize_t size = readlinkat(folder_, link.c_str(), target.data(), target.size());
        if (size <= 0) return false;
        rest_.insert(0, target.data(), static_cast<std::size_t>(size));
        return begin();
    }

    int open_file(const std::string& name, bool is_link, bool shared) const {
        const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
        const int file =
            openat(folder_, name.c_str(), is_link ? flags : flags | O_CREAT | O_NOFOLLOW, 0644);
        if (file < 0) return -1;
        struct stat status {};
        int error = ::fstat(file, &status) != 0 ? errno : 0;
        if (error == 0 && shared && !is_ours(status)) error = EPERM;
        if (error == 0 && fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK) != 0) {
            error = errno;
        }
        if (error == 0) return file;
        close(file);
        return refuse(error);
    }

    std::string rest_;
    int folder_ = -1;
    int links_ = 0;
};

}  // namespace

int open_picture(const std::string& path) {
    return Walk(path).open_end();
}

std::FILE* rewrite(int picture) {
    struct stat status {};
    if (::fstat(picture, &status) != 0) return nullptr;
    if (S_ISREG(status.st_mode) &&
        (ftruncate(picture, 0) != 0 || ::lseek(picture, 0, SEEK_SET) != 0))
        return nullptr;
    const int copy = fcntl(picture, F_DUPFD_CLOEXEC, 0);
    std::FILE* const stream = copy < 0 ? nullptr : fdopen(copy, "w");
    if (copy >= 0 && stream == nullptr) close(copy);
    return stream;
}

int write_picture(int picture, const std::function<void(const LineSink&)>& draw) {
    std::FILE* out = rewrite(picture);
    if (out == nullptr) return errno;
    draw([out](std::string_view line) { put_line(out, line); });
    const bool failed = std::ferror(out) != 0;
    return std::fclose(out) != 0 || failed ? errno : 0;
}

namespace {

/// A clause without a full stop.
std::string problem(int error) {
    switch (error) {
        case ELOOP:
            return "a symbolic link leads there, in a folder that other users can write to";
        case EPERM:
            return "it belongs to another user, in a folder that other users can write to";
        case ENXIO:
            return "no process reads this pipe";
        default:
            return std::strerror(error);
    }
}

}  // namespace

std::string picture_complaint(const std::string& file, int error) {
    return "seamark: cannot write the picture to " + file + ": " + problem(error) +
           "; name a file in a folder that exists and that you may write to (with -z, one without "
           "a comma)";
}

int open_picture_or_exit(const std::string& path) {
    const int picture = open_picture(path);
    if (picture >= 0) return picture;
    complain(picture_complaint(path, errno));
    std::exit(1);
}

int open_temporary_page(std::string& path) {
    path = std::string(g_get_tmp_dir()) + G_DIR_SEPARATOR_S "seamark-XXXXXX.html";
    return mkostemps(path.data(), 5, O_CLOEXEC);
}

}  // namespace seamark
