// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_builder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace seamark::plan {
namespace {

constexpr std::uint64_t pass_work = 16;  ///< to pass over a data write that was kept back

}  // namespace

/// Begins a chunk: how many data writes carry it, and its size line. The body's last chunk may have
/// fewer, the last write less.
void PlanBuilder::begin_chunk(PlannedWrite& write, std::uint32_t further_writes) {
    const std::uint64_t left = (left_ + options_.size - 1) / options_.size;
    // One that is prepared is coded, and then the chunk is its own.
    chunk_writes_ =
        is_prepared_
            ? 1
            : static_cast<std::uint32_t>(std::min<std::uint64_t>(options_.writes_per_chunk, left));
    const std::uint64_t in_all = std::min(left_, chunk_writes_ * options_.size);
    if (!is_prepared_) begin_data();
    write.pieces.push_back({PieceKind::size_line, chunk_writes_ + further_writes,
                            chunk_writes_ > 1 ? in_all : prepared_});
}

/// Only before a write that begins data: the parts that split makes follow each other at once.
bool PlanBuilder::ready(std::uint64_t& work) {
    while (left_ > 0 && !is_prepared_ && part_ == Part::size_line) {
        if (!source_.advance(std::min(options_.size, left_), work)) return false;
        if (options_.coding == Coding::none) return true;
        if (work < pass_work) return false;
        work -= pass_work;
        begin_data();
        if (prepared_ > 0) return true;
        is_prepared_ = false;
        passed_ += pauses_.next();
    }
    return true;
}

bool PlanBuilder::next(PlannedWrite& write) {
    if (options_.coding != Coding::none) {
        std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
        ready(unlimited);
    }
    const bool data_left = left_ > 0 || is_prepared_ || part_ != Part::size_line;
    if (ended_ || (!data_left && options_.framing != Framing::chunked)) return false;

    write.pause = pauses_.next() + std::exchange(passed_, std::chrono::microseconds{0});
    write.number = 0;
    write.size = 0;
    write.pieces.clear();
    if (!data_left) {
        write.pieces.push_back({PieceKind::last_chunk, 1, 0});
        ended_ = true;
    } else if (options_.split == Split::none) {
        whole(write);
    } else {
        split(write);
    }
    const bool final = ended_ || (left_ == 0 && options_.framing != Framing::chunked);
    write.more = options_.more && !final;
    return true;
}

/// Takes the next data write's part of the body.
void PlanBuilder::begin_data() {
    const std::uint64_t raw = std::min(options_.size, left_);
    prepared_ = source_.prepare(raw);
    left_ -= raw;
    ++done_;
    is_prepared_ = true;
}

void PlanBuilder::put_data(PlannedWrite& write) {
    if (!is_prepared_) begin_data();
    is_prepared_ = false;
    write.size = prepared_;
    write.number = done_;
    write.pieces.push_back({PieceKind::data, 0, prepared_});
}

/// A write with everything that belongs to its data.
void PlanBuilder::whole(PlannedWrite& write) {
    if (options_.framing != Framing::chunked) {
        put_data(write);
        return;
    }
    if (options_.chunks_per_write > 1) {
        begin_data();
        is_prepared_ = false;
        const std::uint64_t chunks = std::min<std::uint64_t>(options_.chunks_per_write, prepared_);
        const std::uint64_t each = prepared_ / chunks;
        const std::uint64_t longer = prepared_ % chunks;
        for (std::uint64_t i = 0; i < chunks; ++i) {
            const std::uint64_t length = each + (i < longer ? 1 : 0);
            write.pieces.push_back({PieceKind::size_line, 1, length});
            write.pieces.push_back({PieceKind::data, 0, length});
            write.pieces.push_back({PieceKind::line_end, 0, 0});
        }
        write.size = prepared_;
        write.number = done_;
        return;
    }
    if (in_chunk_ == 0) begin_chunk(write, 0);
    put_data(write);
    if (++in_chunk_ == chunk_writes_) {
        write.pieces.push_back({PieceKind::line_end, 0, 0});
        in_chunk_ = 0;
    }
}

/// The same chunk, its parts in writes of their own. Only the first part of a data write waits.
void PlanBuilder::split(PlannedWrite& write) {
    const bool apart = options_.split == Split::parts;
    if (part_ == Part::size_line) {
        begin_chunk(write, apart ? 2 : 1);
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
    put_data(write);
    if (++in_chunk_ < chunk_writes_) return;
    if (apart) {
        part_ = Part::line_end;
    } else {
        write.pieces.push_back({PieceKind::line_end, 0, 0});
        part_ = Part::size_line;
        in_chunk_ = 0;
    }
}

}  // namespace seamark::plan
