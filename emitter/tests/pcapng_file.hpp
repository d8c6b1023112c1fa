// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/event/io_event.hpp"

namespace seamark::testing {

/// A packet of a pcapng file of ours, read by the tests' own few lines.
struct FilePacket {
    std::int64_t time_ns = 0;
    std::string comment;
    std::vector<std::uint8_t> tags;  ///< all up to and with the end tag
    IoEvent event;
};

struct FileSecrets {
    std::string lines;
    std::size_t before = 0;  ///< how many packets stand in front of it
};

struct PcapngFile {
    std::vector<FilePacket> packets;
    std::vector<FileSecrets> secrets;
    bool whole = false;  ///< it ends after a block
};

/// Reads what is there so far. Throws std::runtime_error where it is no pcapng file of ours.
PcapngFile read_pcapng(const std::string& path);

/// A path in a folder of its own that the destructor removes with all that is in it.
class ScratchFile {
  public:
    explicit ScratchFile(const std::string& name = "events.pcapng");
    ~ScratchFile();
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string folder_;
    std::string path_;
};

/// While it lives, files of this process cannot grow beyond `size`: what a full disk is to it.
class FileLimit {
  public:
    explicit FileLimit(rlim_t size);
    ~FileLimit();
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

/// Standard output of a shell command.
std::string output_of(const std::string& command);

}  // namespace seamark::testing
