// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "file/trusted_folder.hpp"

namespace seamark::file {

/// Called again and again while an output is a FIFO that no program reads. False, or what it
/// throws: no longer.
using ReaderWait = std::function<bool()>;

/// Which files may be emptied: what begins with these bytes, at most `looked_at` of them.
struct Replaceable {
    std::size_t looked_at = 0;
    bool (*begins_so)(std::string_view beginning) = nullptr;  ///< none: any file may
};

/// How an output that grows in its place is opened. A file that is not there is made (0644); one
/// that is there is emptied, if it may be.
struct OutputUse {
    bool read_back = false;  ///< a regular file is opened to be read as well
    ReaderWait wait = {};    ///< none: a FIFO without a reader is an error at once
    Replaceable replaceable = {};
    bool keep = false;  ///< what a file holds stays, for the caller to empty
};

/// Opens what is to be written, wherever a person says. Never waits longer than `wait` has it, and
/// is not led elsewhere: symbolic links are followed but in folders that other users can write to,
/// and there a file that belongs to another user is not opened. /dev/stdout, /dev/fd/N, devices and
/// pipes work as they are; a pipe's descriptor is non-blocking (O_NONBLOCK), all others block.
///
/// Returns a descriptor, which the caller owns. Throws std::system_error, whose text names the
/// path; beside the codes of the system's calls these have a meaning of their own, in the words of
/// output_problem(): ENXIO (no one reads the FIFO), ELOOP (a link that is not followed), EPERM
/// (another user's file), EEXIST (a file that is not to be emptied; it stays as it is).
int open_output(const std::string& path, const OutputUse& use = {});

/// An output that takes the place of another file only when there is something to put there. It is
/// created beside its place, under a name of its own, and renamed when its first bytes are written;
/// until then what was there stays, and the destructor removes what was created. A new file has the
/// mode that the one before it had, if it was this user's. What is no regular file (a device, a
/// FIFO, a terminal) is written as it is, and what a link of procfs stands for (/dev/stdout) is
/// appended to; both block. A file whose folder takes no new ones is emptied at the first byte, and
/// kept. Where it may lie is as for open_output(), and so are the codes.
class OutputFile {
  public:
    /// Changes nothing that exists. Throws std::system_error, and what `wait` throws.
    explicit OutputFile(const std::string& path, const ReaderWait& wait = {});
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
    void open_special(const struct stat& existing, const ReaderWait& wait);
    bool create_beside(const struct stat* existing);

    Place place_;
    Descriptor file_;
    std::string beside_;   ///< its name before it is in place; empty: it has none of its own
    bool emptied_ = true;  ///< nothing of what it held is left
    bool regular_ = true;
};

}  // namespace seamark::file
