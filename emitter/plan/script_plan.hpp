// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "plan/body_source.hpp"
#include "plan/decimal_text.hpp"
#include "plan/script.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// The data of a plan where it gives a number of bytes only: each put() is a line of its own, made
/// up as in payload.hpp, or an event as in event_text.hpp.
class ScriptSource : public BodySource {
  public:
    explicit ScriptSource(const Script& script) : length_(script.data), events_(script.events) {}

    std::uint64_t length() const override { return length_; }
    char* put(char* at, std::uint64_t length) override;

  private:
    std::uint64_t length_;
    EventFormat events_;
    std::uint64_t line_ = 0;
    DecimalText number_;
};

/// Carries out a plan, statement by statement. Borrows the script.
class ScriptPlan : public WriteSequence {
  public:
    explicit ScriptPlan(const Script& script) : script_(script), at_(&script) {}

    bool ready(std::uint64_t& work) override;
    bool next(PlannedWrite& write) override;

  private:
    /// A place in the script, in certain rounds of its repeats.
    class Cursor {
      public:
        explicit Cursor(const Script* script) : script_(script) {}
        /// The next statement, repeats unrolled; null at the end.
        const ScriptStep* next();

      private:
        const Script* script_;
        std::size_t step_ = 0;
        std::size_t depth_ = 0;
        std::array<std::uint32_t, Script::max_depth> rounds_left_{};
    };

    void put_items(const ScriptStep& step, PlannedWrite& write);
    std::uint32_t carriers() const;

    const Script& script_;
    Cursor at_;
    const ScriptStep* ahead_ = nullptr;   ///< where ready() came to: what next() begins with
    std::chrono::microseconds pause_{0};  ///< in front of it
    bool at_end_ = false;                 ///< ... there is none
    std::uint64_t done_ = 0;              ///< writes with data so far
    bool more_ = false;
    bool ended_ = false;
};

}  // namespace seamark::plan
