// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "lab/event_stream.hpp"

namespace seamark::lab {

/// A file of events that a recorder writes to, followed while it grows: `seamark serve --events`,
/// `seamark get --events` or `seamark trace -o`. It may come later, be emptied by a new recorder,
/// or be replaced by another file of the same name.
class FollowedFile {
  public:
    /// Events that ended before `since` (ns since 1970) are passed over.
    FollowedFile(std::string path, std::int64_t since) : path_(std::move(path)), since_(since) {}
    ~FollowedFile();
    FollowedFile(FollowedFile&& other) = delete;

    /// Gives `take` the events that have come, 4 MiB of them at most, with what decode() says of
    /// each; of a record that it refuses, such as one of a later format, with an event that has the
    /// packet's time alone.
    void drain(const std::function<void(const PcapngStream::Packet&, const IoEvent&)>& take);

  private:
    bool open_what_is_there();

    std::string path_;
    std::int64_t since_;
    int file_ = -1;
    ino_t inode_ = 0;
    off_t read_ = 0;
    PcapngStream stream_;
};

}  // namespace seamark::lab
