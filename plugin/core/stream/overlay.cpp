// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/overlay.hpp"

#include <algorithm>

namespace seamark {
namespace {

void add(std::vector<Piece>& out, PieceKind kind, ByteRange part, ByteRange range,
         std::uint32_t message, std::uint32_t chunk = Piece::kNoChunk) {
    const ByteRange shared = intersect(part, range);
    if (!shared.empty()) out.push_back({kind, shared, message, chunk});
}

}  // namespace

void Overlay::pieces(ByteRange range, std::vector<Piece>& out) const {
    const auto& messages = stream_->framer().messages();
    auto at = std::partition_point(messages.begin(), messages.end(),
                                   [&](const Message& m) { return m.head.begin <= range.begin; });
    if (at != messages.begin()) --at;
    for (; at != messages.end() && at->head.begin < range.end; ++at)
        if (!at->dropped)
            message_pieces(static_cast<std::uint32_t>(at - messages.begin()), range, out);
}

void Overlay::message_pieces(std::uint32_t message, ByteRange range,
                             std::vector<Piece>& out) const {
    const Message& m = stream_->framer().messages()[message];
    add(out, PieceKind::kHead, m.head, range, message);
    if (m.framing == Framing::kChunked) {
        chunk_pieces(message, range, out);
    } else if (m.head_whole) {
        add(out, PieceKind::kBody, m.body, range, message);
    }
}

void Overlay::chunk_pieces(std::uint32_t message, ByteRange range, std::vector<Piece>& out) const {
    const Message& m = stream_->framer().messages()[message];
    const auto first = stream_->framer().chunks().begin() + m.first_chunk;
    const auto last = first + m.chunk_count;
    auto at = std::partition_point(first, last,
                                   [&](const Chunk& c) { return c.range().end <= range.begin; });
    for (; at != last && at->offset < range.end; ++at) {
        const auto chunk = static_cast<std::uint32_t>(at - stream_->framer().chunks().begin());
        add(out, PieceKind::kSizeLine, at->header(), range, message, chunk);
        add(out, PieceKind::kData, at->data(), range, message, chunk);
        if (at->last()) {
            add(out, PieceKind::kTrailer, at->trailer(), range, message, chunk);
            add(out, PieceKind::kFinalLineEnd, {at->trailer().end, at->tail().end}, range, message,
                chunk);
        } else {
            add(out, PieceKind::kLineEnd, at->tail(), range, message, chunk);
        }
    }
    const StreamOffset read = m.chunk_count > 0 ? (last - 1)->range().end : m.head.end;
    add(out, PieceKind::kFragment, {read, std::max(read, end_of(message))}, range, message);
}

/// How far a chunked message reaches: what its end, a fault or the cursor says.
StreamOffset Overlay::end_of(std::uint32_t message) const {
    const auto& framer = stream_->framer();
    const Message& m = framer.messages()[message];
    if (m.stopped_at != 0) return m.stopped_at;
    if (m.ended) return 0;
    return framer.cursor();
}

SegmentRange Overlay::segments_of(FrameNumber frame) const {
    const auto& all = stream_->lane().segments();
    const auto [first, last] =
        std::equal_range(all.begin(), all.end(), Segment{.frame = frame},
                         [](const Segment& a, const Segment& b) { return a.frame < b.frame; });
    return {first, last};
}

const Segment* Overlay::segment_with(FrameNumber frame, StreamOffset at) const {
    for (const Segment& segment : segments_of(frame))
        if (segment.range().contains(at)) return &segment;
    return nullptr;
}

const Segment* Overlay::first_segment_with(StreamOffset at) const {
    const Segment* found = nullptr;
    stream_->lane().runs().each(
        {at, at + 1}, [&](const OwnedRun& run) { found = segment_with(run.frame, at); });
    return found;
}

void Overlay::carriers(ByteRange range, std::size_t limit, std::vector<CarriedRun>& out) const {
    StreamOffset end = 0;
    stream_->lane().runs().each_until(range, [&](const OwnedRun& run) {
        if (run.frame == FrameNumber::kNone) return true;
        if (!out.empty() && end == run.begin && out.back().frame == run.frame) {
            out.back().bytes += run.length;
        } else if (out.size() == limit) {
            return false;
        } else {
            out.push_back({run.frame, run.length});
        }
        end = run.end();
        return true;
    });
}

Carriage Overlay::carriage(ByteRange range, std::size_t limit,
                           std::vector<FrameNumber>& listed) const {
    Carriage carriage;
    listed.clear();
    const RangeIndex& runs = stream_->lane().runs();
    std::size_t looked_at = 0;
    runs.each_until(range, [&](const OwnedRun& run) {
        if (run.frame == FrameNumber::kNone) return true;
        if (looked_at++ == limit) return false;
        // Most runs come in order of capture; only the others can be a frame that recurs.
        if (run.frame > carriage.last ||
            std::find(listed.begin(), listed.end(), run.frame) == listed.end())
            listed.push_back(run.frame);
        carriage.first = listed.size() == 1 ? run.frame : std::min(carriage.first, run.frame);
        carriage.last = std::max(carriage.last, run.frame);
        return true;
    });
    carriage.frames = listed.size();
    carriage.all_listed = looked_at <= limit;
    if (!carriage.all_listed) {
        carriage.frames = runs.count(range);
        if (const OwnedRun* last = runs.last(range))
            carriage.last = std::max(carriage.last, last->frame);
    }
    return carriage;
}

Completion Overlay::completion(const Chunk& chunk) const {
    if (!chunk.ended) return {};
    Completion completion;
    std::uint64_t bytes = 0;
    stream_->lane().runs().each(chunk.range(), [&](const OwnedRun& run) {
        bytes += run.length;
        completion.frame = std::max(completion.frame, run.frame);
    });
    completion.complete = bytes == chunk.range().length();
    return completion;
}

}  // namespace seamark
