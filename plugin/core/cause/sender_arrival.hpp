// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/cause/segment_facts.hpp"
#include "core/cause/verdict.hpp"

namespace seamark {

/// When the bytes of a segment had reached its sender, which passes them on: times at which the
/// capture has them on their way there, ns since 1970.
struct SenderArrival {
    std::int64_t first = 0;                  // of the byte that arrived first
    std::int64_t last = 0;                   // of the byte that arrived last
    FrameNumber frame = FrameNumber::kNone;  // that carried the latter
    /// Of the byte right after the segment; empty: not captured, or there is none.
    std::optional<std::int64_t> next = {};
    /// ns that the network may take, from where the bytes were captured to the sender and from
    /// there to where the segment was: less is no evidence that the sender held them.
    std::int64_t transit = 0;
};

/// Revises the verdicts of a segment by what had reached its sender when it left. A hold that the
/// arrival proves gets the sender as a cause, beside those that nothing excludes; what the capture
/// alone said of a sender "that had no more" is dropped where more had arrived, and an
/// acknowledgement from before the arrival released nothing. Nothing becomes known by it.
void weigh_arrival(const SegmentFacts& facts, const SenderArrival& arrival,
                   std::vector<Verdict>& verdicts);

}  // namespace seamark
