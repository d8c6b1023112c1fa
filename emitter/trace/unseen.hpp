// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace seamark::trace {

/// Looks for what runs under the command and cannot be recorded: processes into which the library
/// was not loaded (statically linked, set-uid, or started with a cleaned environment), and
/// io_uring. It reads /proc from time to time, so what comes and goes between two looks escapes it.
class Unseen {
  public:
    /// `tracer` is whose descendants are looked at.
    explicit Unseen(pid_t tracer) : tracer_(tracer) {}

    void look();

    /// The last look, when the recording ends: which of them go on with what could be recorded.
    /// `recorded` are processes that loaded the library: where their parent has ended they are no
    /// descendants any more.
    void look_at_the_end(const std::vector<pid_t>& recorded);

    /// "sleep (process 123)", each once.
    const std::map<pid_t, std::string>& without_library() const { return without_library_; }
    const std::map<pid_t, std::string>& with_io_uring() const { return with_io_uring_; }
    /// Processes of the command that had TCP sockets open at the end.
    const std::map<pid_t, std::string>& going_on() const { return going_on_; }

  private:
    pid_t tracer_;
    std::set<pid_t> suspects_;  // without the library at the last look: perhaps not yet loaded
    std::map<pid_t, std::string> without_library_;
    std::map<pid_t, std::string> with_io_uring_;
    std::map<pid_t, std::string> going_on_;
};

}  // namespace seamark::trace
