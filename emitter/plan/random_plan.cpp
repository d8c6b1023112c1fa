// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/random_plan.hpp"

#include <algorithm>

namespace seamark::plan {

RandomPlan::RandomPlan(const EmitOptions& options, std::uint64_t length)
    : options_(options),
      pauses_(options.gap, options.gap_seed),
      chunked_(options.framing == Framing::chunked),
      most_(2 * options.size - 1),
      chunks_(*options.seed, 0),
      writes_(*options.seed, std::uint64_t{1} << 63),
      left_(length) {}

void RandomPlan::begin_chunk() {
    data_ = chunked_ ? std::min(left_, chunks_.length(most_)) : left_;
    left_ -= data_;
    size_line_ = chunked_;
    line_end_ = chunked_;
}

/// How many writes carry the chunk whose size line comes next, the present one included, of which
/// so many units are left.
std::uint32_t RandomPlan::carriers(std::uint64_t units_left_in_write) const {
    const std::uint64_t units = data_ + 2;
    RandomCuts ahead = writes_;
    std::uint32_t writes = 1;
    for (std::uint64_t covered = units_left_in_write; covered < units; ++writes) {
        covered += ahead.length(most_);
    }
    return writes;
}

bool RandomPlan::next(PlannedWrite& write) {
    const bool nothing_left = left_ == 0 && data_ == 0 && !line_end_;
    if (ended_ || (nothing_left && !chunked_)) return false;

    write.pause = pauses_.next();
    write.number = 0;
    write.size = 0;
    write.pieces.clear();
    if (nothing_left) {
        write.pieces.push_back({PieceKind::last_chunk, 1, 0});
        ended_ = true;
    }
    for (std::uint64_t units = nothing_left ? 0 : writes_.length(most_); units > 0;) {
        if (data_ == 0 && !line_end_) {
            if (left_ == 0) break;
            begin_chunk();
        }
        if (size_line_) {
            write.pieces.push_back({PieceKind::size_line, carriers(units), data_});
            size_line_ = false;
            --units;
        } else if (data_ > 0) {
            const std::uint64_t now = std::min(data_, units);
            write.pieces.push_back({PieceKind::data, 0, now});
            write.size += now;
            data_ -= now;
            units -= now;
        } else {
            write.pieces.push_back({PieceKind::line_end, 0, 0});
            line_end_ = false;
            --units;
        }
    }
    if (write.size > 0) write.number = ++done_;
    const bool final = ended_ || (!chunked_ && left_ == 0 && data_ == 0);
    write.more = options_.more && !final;
    return true;
}

}  // namespace seamark::plan
