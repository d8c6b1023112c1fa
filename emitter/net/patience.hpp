// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <poll.h>
#include <signal.h>

#include <chrono>
#include <csignal>

namespace seamark::net {

/// A wait was ended by SIGINT or SIGTERM.
struct Interrupted {};

/// Waits that SIGINT and SIGTERM end, by throwing Interrupted. While it lives, the two can do so
/// nowhere else, so that a record is ended as it should be. One in a program, in one thread.
class Patience {
  public:
    Patience() {
        struct sigaction action {};
        action.sa_handler = [](int signal) { caught = signal; };
        sigset_t stopping;
        sigemptyset(&stopping);
        for (const int signal : {SIGINT, SIGTERM}) {
            sigaddset(&stopping, signal);
            ::sigaction(signal, &action, nullptr);
        }
        ::sigprocmask(SIG_BLOCK, &stopping, &unblocked_);
    }
    ~Patience() { ::sigprocmask(SIG_SETMASK, &unblocked_, nullptr); }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;

    void until(int socket, short what) const {
        pollfd ready{.fd = socket, .events = what, .revents = 0};
        wait(&ready, nullptr);
    }
    void pause(std::chrono::microseconds time) const {
        const timespec limit{.tv_sec = time.count() / 1'000'000,
                             .tv_nsec = time.count() % 1'000'000 * 1000};
        wait(nullptr, &limit);
    }

    static inline volatile std::sig_atomic_t caught = 0;

  private:
    void wait(pollfd* what, const timespec* limit) const {
        if (::ppoll(what, what ? 1 : 0, limit, &unblocked_) < 0 && caught != 0) throw Interrupted{};
    }
    sigset_t unblocked_{};
};

}  // namespace seamark::net
