// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/script.hpp"

namespace seamark::plan {

/// Follows a plan as it is read, without carrying it out: whether its chunks are whole in every
/// round of every repeat, and how much work it is. Each call returns what would have been right
/// instead, or nothing.
class PlanChecker {
  public:
    using Complaint = std::optional<std::string>;

    explicit PlanChecker(Framing framing) : framing_(framing) {}

    Complaint statement();  ///< any but repeat
    Complaint item(const ScriptItem& item);
    Complaint wait(std::chrono::microseconds pause);
    Complaint end_here();  ///< close, reset
    Complaint begin_repeat(std::uint32_t count);
    Complaint end_repeat();
    Complaint end_of_plan() const;

    std::uint64_t data() const { return work_.data; }
    bool ended() const { return last_ || stopped_; }

  private:
    struct Work {
        std::uint64_t steps = 0;
        std::uint64_t data = 0;
        std::uint64_t waits = 0;  ///< us
    };
    struct Repeat {
        std::uint32_t count;
        Work before;
        bool open;           ///< a chunk was open where it begins
        bool opened_here;    ///< in the repeat around it
        std::uint64_t owed;  ///< by that chunk
    };

    Complaint part(const ScriptItem& item);
    Complaint within_limits() const;

    Framing framing_;
    Work work_;  ///< of the innermost repeat's body so far, and of what came before it
    std::vector<Repeat> repeats_;
    bool open_ = false;         ///< a chunk is open: its size line is written
    bool opened_here_ = false;  ///< ... in the innermost repeat
    std::uint64_t owed_ = 0;    ///< data that it still needs
    bool last_ = false;         ///< the last chunk is written
    bool stopped_ = false;      ///< closed or reset
};

}  // namespace seamark::plan
