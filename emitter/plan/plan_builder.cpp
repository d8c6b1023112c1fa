// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_builder.hpp"

#include <algorithm>

namespace seamark::plan {

std::uint64_t body_length(const EmitOptions& options) {
    return options.writes * options.size;
}

/// Data writes of the chunk that is under way or about to begin; the final one may be shorter.
std::uint32_t PlanBuilder::writes_of_this_chunk() const {
    const std::uint64_t left = options_.writes - done_ + in_chunk_;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(options_.writes_per_chunk, left));
}

bool PlanBuilder::data_left() const {
    return done_ < options_.writes || part_ != Part::size_line;
}

bool PlanBuilder::done() const {
    return ended_ || (!data_left() && options_.framing != Framing::chunked);
}

bool PlanBuilder::next(PlannedWrite& write) {
    if (done()) return false;

    write.pause = options_.gap;
    write.number = 0;
    write.size = 0;
    write.pieces.clear();
    if (!data_left()) {
        write.pieces.push_back({PieceKind::last_chunk, 1, 0});
        ended_ = true;
    } else if (options_.split == Split::none) {
        whole(write);
    } else {
        split(write);
    }
    return true;
}

/// A write with everything that belongs to its data.
void PlanBuilder::whole(PlannedWrite& write) {
    write.size = options_.size;
    if (options_.framing != Framing::chunked) {
        write.pieces.push_back({PieceKind::data, 0, write.size});
        write.number = ++done_;
        return;
    }
    if (options_.chunks_per_write > 1) {
        const std::uint64_t each = write.size / options_.chunks_per_write;
        const std::uint64_t longer = write.size % options_.chunks_per_write;
        for (std::uint32_t i = 0; i < options_.chunks_per_write; ++i) {
            const std::uint64_t length = each + (i < longer ? 1 : 0);
            write.pieces.push_back({PieceKind::size_line, 1, length});
            write.pieces.push_back({PieceKind::data, 0, length});
            write.pieces.push_back({PieceKind::line_end, 0, 0});
        }
        write.number = ++done_;
        return;
    }
    const std::uint32_t together = writes_of_this_chunk();
    if (in_chunk_ == 0) {
        write.pieces.push_back({PieceKind::size_line, together, together * options_.size});
    }
    write.pieces.push_back({PieceKind::data, 0, write.size});
    write.number = ++done_;
    if (++in_chunk_ == together) {
        write.pieces.push_back({PieceKind::line_end, 0, 0});
        in_chunk_ = 0;
    }
}

/// The same chunk, its parts in writes of their own. Only the first part of a data write waits.
void PlanBuilder::split(PlannedWrite& write) {
    const std::uint32_t together = writes_of_this_chunk();
    const bool apart = options_.split == Split::parts;
    if (part_ == Part::size_line) {
        const std::uint32_t carriers = together + (apart ? 2 : 1);
        write.pieces.push_back({PieceKind::size_line, carriers, together * options_.size});
        part_ = Part::data;
        return;
    }
    if (part_ == Part::line_end) {
        write.pause = std::chrono::microseconds{0};
        write.pieces.push_back({PieceKind::line_end, 0, 0});
        part_ = Part::size_line;
        in_chunk_ = 0;
        return;
    }
    if (in_chunk_ == 0) write.pause = std::chrono::microseconds{0};
    write.size = options_.size;
    write.pieces.push_back({PieceKind::data, 0, write.size});
    write.number = ++done_;
    if (++in_chunk_ < together) return;
    if (apart) {
        part_ = Part::line_end;
    } else {
        write.pieces.push_back({PieceKind::line_end, 0, 0});
        part_ = Part::size_line;
        in_chunk_ = 0;
    }
}

}  // namespace seamark::plan
