// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "trace/event_file.hpp"
#include "trace/process_stat.hpp"
#include "trace/recording.hpp"

namespace seamark::trace {

/// Looks for what runs under the command and is not recorded: processes without the library
/// (statically linked, set-uid, or started with a cleaned environment), with it but without the
/// recording, with TCP connections of which no call is recorded, and io_uring. It reads /proc from
/// time to time, so what comes and goes between two looks escapes it.
class Unseen {
  public:
    using Names = std::map<pid_t, std::string>;

    /// `tracer` is whose descendants are looked at; `name` is what the environment of the command
    /// calls the recording.
    Unseen(pid_t tracer, std::string name) : tracer_(tracer), name_(std::move(name)) {}

    void look();

    /// The last look, when the recording ends: which of them go on with what could be recorded.
    /// Whoever has left its parent is still known by its environment.
    void look_at_the_end(const Recording& recording, const EventFile& file);

    // "sleep (process 123)", each once.

    const Names& without_library() const { return without_library_; }
    const Names& with_io_uring() const { return with_io_uring_; }
    /// With the library, but not recorded; with the reason.
    const Names& without_recording() const { return without_recording_; }
    /// Held connections of which no call is recorded, by anyone, and made no call that is.
    const Names& silent() const { return silent_; }
    /// Go programs of which no call is recorded.
    const Names& silent_go() const { return silent_go_; }
    /// Processes of the command that had TCP sockets open at the end.
    const Names& going_on() const { return going_on_; }
    /// Those that had left the command by then, as a daemon does; of them going_on() has none.
    const Names& daemons() const { return daemons_; }

  private:
    using Processes = std::map<pid_t, ProcessStat>;
    using Clock = std::chrono::steady_clock;
    void look_at(pid_t number, const ProcessStat& process);
    bool is_long_suspected(pid_t number);
    void look_for_survivors(const Processes& processes, bool nothing_recorded);
    bool has_our_environment(pid_t process) const;

    pid_t tracer_;
    std::string name_;
    std::map<pid_t, Clock::time_point> suspects_;  // not recorded since then: perhaps not yet
    std::map<pid_t, std::set<std::string>> connections_;  // of those that are recorded, by ends
    Names titles_;                                        // of connections_
    Names without_library_;
    Names without_recording_;
    Names with_io_uring_;
    Names silent_;
    Names silent_go_;
    Names going_on_;
    Names daemons_;
};

}  // namespace seamark::trace
