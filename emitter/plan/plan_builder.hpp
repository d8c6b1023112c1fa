// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "plan/emit_options.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// Turns options into the writes of one body, one at a time: memory does not grow with their
/// number. The head is not part of it.
///
/// Every data write carries `size` bytes, whatever the framing, so the body is `writes * size`
/// bytes and always the same. The last chunk is a write of its own, and whole, also where other
/// chunks are split.
class PlanBuilder {
  public:
    explicit PlanBuilder(const EmitOptions& options) : options_(options) {}

    /// Fills in the next write; false, and `write` untouched, when the body is complete. The caller
    /// passes the same object again and again, so that its memory is reused.
    bool next(PlannedWrite& write);
    /// Whether next() has given the last write.
    bool done() const;

  private:
    bool data_left() const;
    void whole(PlannedWrite& write);
    void split(PlannedWrite& write);
    std::uint32_t writes_of_this_chunk() const;

    enum class Part { size_line, data, line_end };

    EmitOptions options_;
    std::uint64_t done_ = 0;      ///< data writes so far
    std::uint32_t in_chunk_ = 0;  ///< of these, in the chunk that is under way
    Part part_ = Part::size_line;
    bool ended_ = false;
};

/// Length of the body in bytes, chunk framing left out: the Content-Length.
std::uint64_t body_length(const EmitOptions& options);

}  // namespace seamark::plan
