// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace seamark::testing {

/// The program as a process, with pipes on its two outputs. Killed by the destructor if it still
/// runs.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Each waits up to 60 s for more.
    std::string output_line() const;
    std::string output() const;
    std::string errors() const;

    void signal(int number) const;

    /// Waits for its end: its exit status, or 128 and the signal that ended it.
    int exit_status();

  private:
    pid_t pid_ = 0;
    int out_ = -1;
    int err_ = -1;
};

/// The port in the line that `serve` prints; a test failure and 0 if it is another line.
std::uint16_t port_of(const std::string& line);

}  // namespace seamark::testing
