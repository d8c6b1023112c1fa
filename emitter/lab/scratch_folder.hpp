// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::lab {

/// A folder of its own among the system's temporary files, for this user alone; gone, with what is
/// in it, when this object is.
class ScratchFolder {
  public:
    /// Throws std::system_error.
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::string& path() const { return path_; }
    /// Throws std::system_error.
    void put(const std::string& name, const std::string& text) const;

  private:
    std::string path_;
};

}  // namespace seamark::lab
