// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace seamark::trace {

/// While this lives, SIGCHLD and what somebody may send us and means the command wait for
/// Command::wait().
class BlockedSignals {
  public:
    BlockedSignals();
    ~BlockedSignals();
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

    const sigset_t& set() const { return set_; }
    const sigset_t& before() const { return before_; }

  private:
    sigset_t set_{};
    sigset_t before_{};
};

/// While this lives, a full limit for file sizes (`ulimit -f`) and a pipe that no one reads any
/// more are errors of the call that meets them. The command gets these signals as we got them.
class IgnoredSignals {
  public:
    IgnoredSignals();
    ~IgnoredSignals();
    IgnoredSignals(const IgnoredSignals&) = delete;
    IgnoredSignals& operator=(const IgnoredSignals&) = delete;

    /// Those that were not ignored before.
    const sigset_t& defaults() const { return defaults_; }

  private:
    static constexpr std::array numbers{SIGXFSZ, SIGPIPE};
    std::array<struct sigaction, numbers.size()> before_{};
    sigset_t defaults_{};
};

/// The command, until it has ended or was left: 10 s after SIGTERM, or at a second one.
class Command {
  public:
    /// Starts it. Throws std::system_error.
    Command(const std::string& program, std::vector<std::string> arguments,
            const BlockedSignals& signals, const IgnoredSignals& ignored);

    /// One wait for a signal, which is passed on, or for the time to drain.
    void wait();
    /// A signal is there: wait() would return at once. Of two of the same number that come before
    /// the first is waited for, the kernel keeps one.
    bool has_signal() const;
    bool goes_on() const { return !has_ended_ && !is_left_; }
    bool is_left() const { return is_left_; }
    /// As a shell would say it.
    int status() const;

  private:
    const BlockedSignals& signals_;
    pid_t process_ = 0;
    int status_ = 0;
    bool has_ended_ = false;
    bool is_left_ = false;
    std::optional<std::chrono::steady_clock::time_point> leave_at_;
};

}  // namespace seamark::trace
