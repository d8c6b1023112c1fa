// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

namespace seamark::net {

/// A wait was ended by SIGINT, SIGTERM or SIGHUP.
struct Interrupted {};

/// Waits that SIGINT, SIGTERM and SIGHUP (unless that is ignored, as under nohup) end, by throwing
/// Interrupted. While it lives, they can do so nowhere else, so that a record is ended as it should
/// be. One in a program, in one thread; threads that are started later get none of these signals.
class Patience {
  public:
    using Clock = std::chrono::steady_clock;

    Patience() {
        struct sigaction action {};
        action.sa_handler = [](int signal) { caught = signal; };
        sigset_t stopping;
        sigemptyset(&stopping);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
            struct sigaction before {};
            ::sigaction(signal, nullptr, &before);
            if (signal == SIGHUP && before.sa_handler == SIG_IGN) continue;
            sigaddset(&stopping, signal);
            ::sigaction(signal, &action, nullptr);
        }
        ::sigprocmask(SIG_BLOCK, &stopping, &unblocked_);
    }
    ~Patience() { ::sigprocmask(SIG_SETMASK, &unblocked_, nullptr); }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;

    /// Waits until `what` (POLLIN, POLLOUT) can be done with the descriptor, or until the time is
    /// over. Whether it can.
    bool until(int descriptor, short what, Clock::time_point deadline) const {
        pollfd ready{.fd = descriptor, .events = what, .revents = 0};
        return wait(&ready, deadline);
    }
    void pause(Clock::time_point end) const { wait(nullptr, end); }

    static inline volatile std::sig_atomic_t caught = 0;

  private:
    bool wait(pollfd* what, Clock::time_point deadline) const {
        for (;;) {
            const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
            const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
            const timespec limit{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
            const int ready =
                ::ppoll(what, what ? 1 : 0, deadline == Clock::time_point::max() ? nullptr : &limit,
                        &unblocked_);
            if (ready >= 0) return ready > 0;
            if (caught != 0) throw Interrupted{};
            if (errno != EINTR) throw std::system_error(errno, std::system_category(), "ppoll");
        }
    }
    sigset_t unblocked_{};
};

}  // namespace seamark::net
