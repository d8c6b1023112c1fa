// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "net/client/patience.hpp"

namespace seamark::net {

/// The waits of one client, and how long they may be. What the client itself takes between them,
/// such as a pace, counts for `longest` alone. Borrows the patience.
class WaitLimits {
  public:
    using Clock = Patience::Clock;

    /// `idle`: how long the peer may keep it waiting in all from one progress() to the next.
    /// `longest`: time from now on, for everything. 0: no limit.
    WaitLimits(const Patience& patience, std::chrono::microseconds idle,
               std::chrono::microseconds longest)
        : patience_(patience), idle_(idle), left_(idle), longest_(longest) {
        if (longest.count() > 0) end_ = Clock::now() + longest;
    }

    /// The peer did what was waited for.
    void progress() { left_ = idle_; }

    /// Waits for the peer. Throws std::runtime_error where a limit is reached: `what`, such as "the
    /// server sent nothing", then the limit and the option that raises it.
    void for_peer(int descriptor, short events, const std::string& what) {
        const auto begin = Clock::now();
        const auto deadline = idle_.count() > 0 ? std::min(end_, begin + left_) : end_;
        if (!patience_.until(descriptor, events, deadline)) fail(what);
        left_ -= Clock::now() - begin;
    }

    /// Waits for somebody else than the peer, such as the reader of standard output.
    void for_other(int descriptor, short events, const std::string& what) const {
        if (!patience_.until(descriptor, events, end_)) fail(what);
    }

    void pause(std::chrono::microseconds time, const std::string& what) const {
        const auto now = Clock::now();
        patience_.pause(std::min(end_, now + time));
        if (end_ < now + time) fail(what);
    }

  private:
    [[noreturn]] void fail(const std::string& what) const;

    const Patience& patience_;
    Clock::duration idle_;
    Clock::duration left_;
    std::chrono::microseconds longest_;
    Clock::time_point end_ = Clock::time_point::max();
};

}  // namespace seamark::net
