// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/output_path.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <string_view>
#include <system_error>

namespace seamark::net {
namespace {

constexpr int most_links = 40;  // as the kernel has it

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

/// Puts the parts of a path in front of those that are left.
void put_in_front(std::deque<std::string>& parts, std::string_view path) {
    std::deque<std::string> more;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty() && part != ".") more.emplace_back(part);
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    parts.insert(parts.begin(), more.begin(), more.end());
}

Descriptor open_folder(int at, const std::string& name, int flags = 0) {
    Descriptor folder(::openat(at, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | flags));
    if (folder.get() < 0) fail(errno, name);
    return folder;
}

Descriptor begin_of(std::string_view path) {
    return open_folder(AT_FDCWD, path.starts_with('/') ? "/" : ".");
}

std::string target_of(int folder, const std::string& link) {
    std::array<char, PATH_MAX> target{};
    const auto size = ::readlinkat(folder, link.c_str(), target.data(), target.size());
    if (size < 0) fail(errno, link);
    return {target.data(), static_cast<std::size_t>(size)};
}

bool on_procfs(int folder) {
    struct statfs system {};
    return ::fstatfs(folder, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

}  // namespace

Descriptor::~Descriptor() {
    if (value_ >= 0) ::close(value_);
}

bool may_be_planted(const struct stat& file, const struct stat& folder) {
    return (folder.st_mode & S_IWOTH) != 0 && file.st_uid != ::geteuid() &&
           file.st_uid != folder.st_uid;
}

OutputPath find_output(const std::string& path) {
    if (path.ends_with('/')) fail(EISDIR, path);
    std::deque<std::string> parts;
    put_in_front(parts, path);
    OutputPath found;
    found.folder = begin_of(path);
    int links = 0;
    while (!parts.empty()) {
        found.name = std::move(parts.front());
        parts.pop_front();
        if (::fstat(found.folder.get(), &found.folder_status) != 0) fail(errno, path);
        struct stat status {};
        if (::fstatat(found.folder.get(), found.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno == ENOENT && parts.empty()) return found;
            fail(errno, path);
        }
        const bool is_link = S_ISLNK(status.st_mode);
        if (is_link && may_be_planted(status, found.folder_status)) {
            fail(ELOOP, found.name +
                            " is a link of another user in a folder that everybody can "
                            "write to");
        }
        if (is_link && !(parts.empty() && on_procfs(found.folder.get()))) {
            if (++links > most_links) fail(ELOOP, path);
            const std::string target = target_of(found.folder.get(), found.name);
            if (target.ends_with('/') && parts.empty()) fail(EISDIR, path);
            put_in_front(parts, target);
            if (target.starts_with('/')) found.folder = begin_of(target);
            continue;
        }
        if (parts.empty()) {
            found.existing = status;
            return found;
        }
        found.folder = open_folder(found.folder.get(), found.name, O_NOFOLLOW);
    }
    fail(path.empty() ? ENOENT : EISDIR, path);
}

}  // namespace seamark::net
