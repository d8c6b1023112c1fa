// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "plan/emit_options.hpp"
#include "plan/pauses.hpp"
#include "plan/random_cuts.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// A body whose chunks and writes have nothing to do with each other: both are as long as the seed
/// says, chunks 1 to 2 * size - 1 bytes of data, writes 1 to 2 * size - 1 units, so that each is
/// `size` on average. A unit is a byte of data, a whole size line, or a whole CRLF after data: no
/// write ends in the middle of these. Without chunks a unit is a byte. The last chunk is a write of
/// its own.
class RandomPlan : public WriteSequence {
  public:
    /// A body of `length` bytes; options.seed is set.
    RandomPlan(const EmitOptions& options, std::uint64_t length);

    bool next(PlannedWrite& write) override;

  private:
    void begin_chunk();
    std::uint32_t carriers(std::uint64_t units_left_in_write) const;

    EmitOptions options_;
    Pauses pauses_;
    bool chunked_;
    std::uint64_t most_;  ///< the longest chunk or write
    RandomCuts chunks_;
    RandomCuts writes_;
    std::uint64_t left_;      ///< bytes of the body that no chunk has yet
    std::uint64_t data_ = 0;  ///< bytes of the chunk that is under way, not yet written
    bool size_line_ = false;  ///< whether its size line is still to be written
    bool line_end_ = false;   ///< the same for its CRLF
    std::uint64_t done_ = 0;  ///< writes with data so far
    bool ended_ = false;
};

}  // namespace seamark::plan
