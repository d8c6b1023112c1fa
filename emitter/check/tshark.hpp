// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace seamark::check {

/// tshark as a program of its own, started without a shell: answers which frames match a filter.
class Tshark {
  public:
    /// program: a path, or a name that is looked for on the PATH.
    explicit Tshark(std::string program) : program_(std::move(program)) {}

    /// What tshark has against a display filter, in its words and with a remedy where one is known;
    /// empty: nothing. Throws std::runtime_error if tshark cannot be run.
    std::optional<std::string> refusal(const std::string& filter) const;

    struct Frames {
        std::vector<std::uint32_t> numbers;  ///< in order
        std::string complaint;  ///< why they may not be all: what tshark said; empty: they are
    };
    /// The frames of a capture that match, read in two passes. Throws as above.
    Frames matching(const std::string& capture, const std::string& filter) const;

  private:
    struct Ended {
        int status;  ///< its exit status, or 128 and the signal that ended it
        std::string output;
        std::string errors;
    };
    /// input: a descriptor that it reads as standard input.
    Ended run(const std::vector<std::string>& arguments, int input) const;

    std::string program_;
};

}  // namespace seamark::check
