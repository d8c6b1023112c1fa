// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lab/event_stream.hpp"
#include "lab/network.hpp"

namespace seamark::lab {

/// A program on one of the lab's hosts: `seamark serve`, `seamark get`, or any under `seamark
/// trace`. Its events come through a pipe, and so does what it says. It ends with its maker.
class ChildProgram {
  public:
    struct Start {
        std::string role;                      ///< "server", "client": for what is said
        std::vector<std::string> command;      ///< with %EVENTS% where the events' file belongs
        std::vector<std::string> environment;  ///< NAME=value, beside that of this process
        const Namespace* host;
        bool speaks = true;              ///< what it says is shown at once, not only if it fails
        bool output_is_capture = false;  ///< its standard output is what it records
    };

    /// Throws std::system_error.
    explicit ChildProgram(const Start& start);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    pid_t process() const { return process_; }
    const std::string& role() const { return role_; }
    bool speaks() const { return speaks_; }
    void speak() { speaks_ = true; }  ///< from now on
    bool runs() const { return !status_; }
    /// Once it has ended: its exit status, or 128 and the signal that ended it.
    std::optional<int> status() const { return status_; }
    void ended(int wait_status);

    void signal(int number) const;  ///< to it and what it started, if it runs

    int events_descriptor() const { return events_; }  ///< -1 once all has come
    int output_descriptor() const { return output_; }

    /// Takes what has come. True if there was anything. Lines are fit to be shown: without control
    /// characters, and cut where they are very long.
    bool drain_events(const std::function<void(const PcapngStream::Packet&)>& take,
                      const PcapngStream::TakeSecrets& secrets = nullptr);
    /// True once: when what comes has stopped being a pcapng. What follows is thrown away.
    bool events_broke_off() { return std::exchange(broke_off_, false); }
    bool drain_output(const std::function<void(const std::string& line)>& take);

  private:
    std::string role_;
    bool speaks_;
    pid_t process_ = -1;
    std::optional<int> status_;
    int events_ = -1;
    int output_ = -1;
    PcapngStream stream_;
    bool is_broken_ = false;
    bool broke_off_ = false;
    std::string line_;
};

}  // namespace seamark::lab
