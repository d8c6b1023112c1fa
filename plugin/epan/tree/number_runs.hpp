// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace seamark {

/// Numbers as "4–6, 9": runs of consecutive ones are drawn together, and only so many of them.
class NumberRuns {
  public:
    void add(std::uint64_t number) { add(number, number); }
    void add(std::uint64_t first, std::uint64_t last);
    /// The next number begins a run of its own: it counts something else.
    void end_run() { open_ = false; }
    bool empty() const { return !any_; }
    bool single() const { return any_ && text_.empty() && first_ == last_; }
    std::string text() const;

  private:
    static constexpr std::size_t kLongest = 200;  // bytes from which on nothing is added
    std::string run() const;

    std::string text_;  // of the runs before the last
    std::uint64_t first_ = 0;
    std::uint64_t last_ = 0;
    bool any_ = false;
    bool open_ = false;  // whether the last run may grow
    bool cut_ = false;
};

}  // namespace seamark
