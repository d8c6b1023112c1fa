// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>

namespace seamark::net {

/// A file descriptor that is closed with its owner; -1: none.
class Descriptor {
  public:
    explicit Descriptor(int value = -1) : value_(value) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    int get() const { return value_; }

  private:
    int value_;
};

/// Where a file is to be written: an open folder and a name in it that is no symbolic link (but for
/// those of procfs, such as /proc/self/fd/1, which have no path behind them).
struct OutputPath {
    Descriptor folder;
    std::string name;
    std::optional<struct stat> existing;  ///< what has the name already
    struct stat folder_status {};
};

/// Follows `path` and the symbolic links in it. Throws std::system_error; ELOOP too where a link
/// lies in a folder that everybody can write to, and is neither this user's nor the folder's
/// owner's: who made it decides where it leads.
OutputPath find_output(const std::string& path);

/// Whether a file in that folder can have been put there by somebody else to be used in place of
/// one of this user's.
bool may_be_planted(const struct stat& file, const struct stat& folder);

}  // namespace seamark::net
