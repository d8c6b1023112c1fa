// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/experts.hpp"

#include <algorithm>
#include <vector>

namespace seamark::experts {
namespace {

bool brought_here(const SegmentView& view, StreamOffset at) {
    if (!view.plain.empty()) return view.part_with({at, at + 1}) != nullptr;
    const Segment* brought = view.overlay().first_segment_with(at);
    return brought != nullptr && brought->frame == view.segment->frame;
}

bool lies_here(const SegmentView& view, ByteRange range) {
    return view.segment->begin <= range.begin && range.end <= view.segment->range().end;
}

}  // namespace

std::size_t least_writes(const SegmentView& view) {
    if (view.overlay().knows_writes(view.segment->wire_range())) {
        std::size_t recorded = 0;
        view.overlay().each_write(view.segment->wire_range(), [&](std::uint64_t) { ++recorded; });
        return recorded;
    }
    // Chunks come in order, and so do their writes: what is behind the highest seen is new.
    std::uint64_t highest = 0;
    std::size_t writes = 0;
    std::uint32_t previous = Piece::kNoChunk;
    for (const Piece& piece : view.pieces) {
        if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
        previous = piece.chunk;
        const Chunk& chunk = view.chunk(piece);
        const auto range = view.overlay().writes(view.message(piece), chunk).range;
        if (!range || range->last <= highest) continue;
        const std::uint64_t first = std::max(range->first, highest + 1);
        if (lies_here(view, chunk.range())) {
            writes += static_cast<std::size_t>(range->last - first + 1);
            highest = range->last;
        } else if (range->first > highest) {
            // One write of the range at least; which one is not known, so all of them count as
            // seen.
            ++writes;
            highest = range->last;
        }
    }
    return writes;
}

bool chunk_goes_on(const SegmentView& view, const Piece& piece) {
    return piece.range.begin > view.chunk(piece).offset &&
           !brought_here(view, piece.range.begin - 1);
}

bool write_goes_on(const SegmentView& view, const Piece& piece) {
    const Overlay overlay = view.overlay();
    if (overlay.knows_writes(view.chunk(piece).range()))
        return false;  // shown with the call itself
    const Message& message = view.message(piece);
    const auto here = overlay.writes(message, view.chunk(piece)).range;
    if (!here || here->first != here->last || brought_here(view, piece.range.begin - 1))
        return false;
    if (piece.range.begin > view.chunk(piece).offset) return true;
    const Chunk* before = view.stream().messages().before(message, piece.chunk);
    return before != nullptr && overlay.writes(message, *before).range == here;
}

bool message_breaks_off(const SegmentView& view, const Message& message) {
    if (message.ending_faults().empty()) return false;
    const RangeIndex& runs = view.stream().lane().runs();
    const StreamOffset stop = message.stopped_at;
    if (message.stopped() && runs.covers({stop, stop + 1})) {
        if (view.range().contains(stop)) return true;
        // Where the byte that was refused begins a segment, that has no byte of the message, and
        // does not show it.
        const Segment* refused = view.overlay().first_segment_with(stop);
        if (refused == nullptr || refused->begin < stop) return false;
    }
    // Its last byte: before that one, missing bytes, or the end of the capture.
    const OwnedRun* last = runs.last({message.head.begin, message.stopped() ? stop : runs.end()});
    return last != nullptr && last->frame == view.segment->frame &&
           view.range().contains(last->end() - 1);
}

FaultSet faults_of_data(const Message& message) {
    FaultSet shown;
    message.ending_faults().each([&](Fault fault) {
        if (fault != Fault::kCutByFin && fault != Fault::kCutByReset) shown.add(fault);
    });
    return shown;
}

std::uint64_t missing_before(const SegmentView& view) {
    const RangeIndex& runs = view.stream().lane().runs();
    const StreamOffset begin = view.segment->begin;
    if (begin == StreamOffset{}) return 0;
    if (runs.covers({begin - 1, begin}) || view.stream().public_offset(begin) == PublicOffset{0})
        return 0;
    // Back to the last byte that was captured, or to the first of the stream.
    return runs.gap_before(begin, begin - view.stream().public_offset(begin).value);
}

}  // namespace seamark::experts
