// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

namespace seamark::trace {

/// Hears from processes into which the library was loaded, and which could not reach the recording:
/// another user's, without /proc, or without room for its memory. They say so over a datagram
/// socket that has the recording's name, since there is nothing else that they could reach.
///
/// Anyone on the machine can send to it: who sends is the kernel's word, what they say is a few
/// numbers, and what is kept is bounded. Where the system has no such socket nothing is heard.
class AttachFailures {
  public:
    /// recording: as in the environment of the command.
    explicit AttachFailures(const std::string& recording);
    ~AttachFailures();
    AttachFailures(const AttachFailures&) = delete;
    AttachFailures& operator=(const AttachFailures&) = delete;

    /// Takes what has come; a bounded number at once.
    void take();

    /// By process: who it is, and why it is not recorded, with what to do.
    struct Failure {
        std::string title;
        std::string reason;
    };
    const std::map<pid_t, Failure>& all() const { return all_; }

  private:
    int socket_ = -1;
    std::map<pid_t, Failure> all_;
};

}  // namespace seamark::trace
