// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "net/output_path.hpp"

namespace seamark::net {

/// A file that takes the place of another one only when there is something to put there. It is
/// created beside its place, under a name of its own, and renamed when its first bytes are written;
/// until then what was there stays, and the destructor removes what was created. A new file has the
/// mode that the one before it had, if it was this user's. What is no regular file (a device, a
/// FIFO, a terminal) is written as it is, and what a link of procfs stands for (/dev/stdout) is
/// appended to. A file whose folder takes no new ones is emptied at the first byte, and kept.
class OutputFile {
  public:
    /// Changes nothing that exists. `wait` is called again and again while `path` is a FIFO that no
    /// program reads, and throws to give up. Throws std::system_error.
    OutputFile(const std::string& path, const std::function<void()>& wait);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    int descriptor() const { return file_.get(); }

    bool regular() const { return regular_; }

    /// One call of ::write. Bytes taken; throws std::system_error. `bytes` is not empty.
    std::size_t write(std::string_view bytes);

    /// There are no more bytes, or none at all: the file is put in place then too.
    void finish();

  private:
    void empty();
    void put_in_place();
    void open_special(const std::function<void()>& wait);
    bool create_beside();
    void open_existing(int flags);

    OutputPath place_;
    Descriptor file_;
    std::string beside_;   ///< its name before it is in place; empty: it has none of its own
    bool emptied_ = true;  ///< nothing of what it held is left
    bool regular_ = true;
};

}  // namespace seamark::net
