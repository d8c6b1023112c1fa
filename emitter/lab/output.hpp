// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "file/descriptor.hpp"

namespace seamark::lab {

/// The file or pipe that a capture goes to, opened as file::open_output() does. What a file held
/// stays until begin(), since a network that cannot be made is found out later; a file that was
/// made and holds nothing in the end is removed again.
class CaptureOutput {
  public:
    /// live: Wireshark has made a pipe and opens it a moment later than it calls us; it is waited
    /// for, for ten seconds. Throws std::runtime_error with a remedy.
    CaptureOutput(const std::string& path, bool live);
    ~CaptureOutput();
    CaptureOutput(const CaptureOutput&) = delete;
    CaptureOutput& operator=(const CaptureOutput&) = delete;

    int descriptor() const { return file_.get(); }

    /// Empties what is a file. For the process that writes, which is a child of the one that opened
    /// it. Throws std::system_error.
    void begin() const;

  private:
    std::string made_;  ///< the path, if there was nothing before; removed again if it stays empty
    file::Descriptor file_;
};

}  // namespace seamark::lab
