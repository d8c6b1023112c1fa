// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <signal.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::check {

/// A wait for a program was ended by this signal, and the program with it.
struct Interrupted {
    int signal;
};

/// While it lives, SIGHUP, SIGINT, SIGQUIT and SIGTERM end waits for programs only, by Interrupted,
/// so that destructors run; and a reader of standard output that left is reported as an error of
/// the write, not by SIGPIPE. One in a program, in one thread.
class OrderlyEnd {
  public:
    OrderlyEnd();
    ~OrderlyEnd();
    OrderlyEnd(const OrderlyEnd&) = delete;
    OrderlyEnd& operator=(const OrderlyEnd&) = delete;

    /// A descriptor that is readable once one of them was sent.
    int descriptor() const { return descriptor_; }
    /// As they were outside, for programs that are started.
    const sigset_t& mask_before() const { return before_; }

  private:
    sigset_t before_{};
    struct sigaction pipe_before_ {};
    int descriptor_ = -1;
};

struct Ended {
    int status;  ///< its exit status, or 128 and the signal that ended it
    std::string output;
    std::string errors;
};

/// Runs a program to its end, without a shell and with an empty standard input. command: a path, or
/// a name that is looked for on the PATH, and its arguments. environment: NAME=VALUE each. Throws
/// std::system_error where it cannot be started, and Interrupted.
Ended run_program(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment, const OrderlyEnd& end);

/// The same, but each line of its output is given to take, without its line end, while it runs, and
/// is not kept. The program is killed where take throws, which is passed on.
Ended run_program(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment, const OrderlyEnd& end,
                  const std::function<void(std::string_view)>& take);

}  // namespace seamark::check
