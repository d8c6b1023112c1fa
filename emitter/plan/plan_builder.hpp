// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "plan/body_source.hpp"
#include "plan/emit_options.hpp"
#include "plan/pauses.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// Turns options into the writes of one body. With options.more, each but the last has MSG_MORE.
///
/// Every data write carries `size` bytes of the body, whatever the framing (the last one what is
/// left), so the body is always the same. Where a content coding keeps all of them back, there is
/// no write, and the next one follows after the pauses of both. The last chunk is a write of its
/// own, and whole, also where other chunks are split.
class PlanBuilder : public WriteSequence {
  public:
    /// Borrows `source`, which shows how long the body is and, with a content coding, what becomes
    /// of each write's part of it.
    PlanBuilder(const EmitOptions& options, BodySource& source)
        : options_(options),
          source_(source),
          pauses_(options.gap, options.gap_seed),
          left_(source.length()) {}

    bool ready(std::uint64_t& work) override;
    bool next(PlannedWrite& write) override;

  private:
    void whole(PlannedWrite& write);
    void split(PlannedWrite& write);
    void begin_data();
    void put_data(PlannedWrite& write);
    void begin_chunk(PlannedWrite& write, std::uint32_t further_writes);

    enum class Part { size_line, data, line_end };

    EmitOptions options_;
    BodySource& source_;
    Pauses pauses_;
    std::chrono::microseconds passed_{0};  ///< pauses of data writes that were kept back
    std::uint64_t left_;          ///< bytes of the body, before coding, that no data write has yet
    std::uint64_t done_ = 0;      ///< data writes so far
    std::uint32_t in_chunk_ = 0;  ///< of these, in the chunk that is under way
    std::uint32_t chunk_writes_ = 0;  ///< data writes that carry that chunk
    std::uint64_t prepared_ = 0;      ///< bytes of the data write that is next
    bool is_prepared_ = false;
    Part part_ = Part::size_line;
    bool ended_ = false;
};

}  // namespace seamark::plan
