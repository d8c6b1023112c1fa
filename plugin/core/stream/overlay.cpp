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
    stream_->messages().each_message(
        range, [&](std::uint32_t message) { message_pieces(message, range, out); });
}

void Overlay::message_pieces(std::uint32_t message, ByteRange range,
                             std::vector<Piece>& out) const {
    const MessageIndex messages = stream_->messages();
    const Message& m = messages[message];
    add(out, PieceKind::kHead, m.head, range, message);
    if (m.framing == Framing::kChunked) {
        chunk_pieces(message, range, out);
    } else if (m.head_whole) {
        add(out, PieceKind::kBody, m.body, range, message);
    }
}

void Overlay::chunk_pieces(std::uint32_t message, ByteRange range, std::vector<Piece>& out) const {
    const MessageIndex messages = stream_->messages();
    const Message& m = messages[message];
    messages.each_chunk(m, range, [&](std::uint32_t chunk, const Chunk& c) {
        add(out, PieceKind::kSizeLine, c.header(), range, message, chunk);
        add(out, PieceKind::kData, c.data(), range, message, chunk);
        if (c.last()) {
            add(out, PieceKind::kTrailer, c.trailer(), range, message, chunk);
            add(out, PieceKind::kFinalLineEnd, {c.trailer().end, c.tail().end}, range, message,
                chunk);
        } else {
            add(out, PieceKind::kLineEnd, c.tail(), range, message, chunk);
        }
    });
    const StreamOffset read = messages.chunks_end(m);
    add(out, PieceKind::kFragment, {read, std::max(read, messages.open_end(m))}, range, message);
}

SegmentRange Overlay::segments_of(FrameNumber frame) const {
    const auto& all = stream_->lane().segments();
    const auto first = std::partition_point(
        all.begin(), all.end(), [frame](const Segment& segment) { return segment.frame < frame; });
    auto last = first;  // most frames carry one
    while (last != all.end() && last->frame == frame) ++last;
    return {first, last};
}

const Segment* Overlay::segment_with(FrameNumber frame, StreamOffset at) const {
    for (const Segment& segment : segments_of(frame))
        if (segment.range().contains(at)) return &segment;
    return nullptr;
}

const Segment* Overlay::first_segment_with(StreamOffset at) const {
    const Segment* found = nullptr;
    stream_->lane().runs().each({at, at + 1},
                                [&](const OwnedRun& run) { found = segment_with(run.frame, at); });
    return found;
}

void Overlay::carriers(ByteRange range, std::size_t limit, std::vector<CarriedRun>& out) const {
    StreamOffset end;
    bool room = true;
    stream_->each_carried_until(range, [&](ByteRange carried) {
        stream_->carrying().lane().runs().each_until(carried, [&](const OwnedRun& run) {
            if (run.frame == FrameNumber::kNone) return true;
            if (!out.empty() && end == run.begin && out.back().frame == run.frame) {
                out.back().bytes += run.length;
            } else if (out.size() == limit) {
                room = false;
                return false;
            } else {
                out.push_back({run.frame, run.length});
            }
            end = run.end();
            return true;
        });
        return room;
    });
}

Carriage Overlay::carriage(ByteRange range, std::size_t limit,
                           std::vector<FrameNumber>& listed) const {
    Carriage carriage;
    listed.clear();
    const RangeIndex& runs = stream_->carrying().lane().runs();
    std::size_t looked_at = 0;
    stream_->each_carried_until(range, [&](ByteRange carried) {
        runs.each_until(carried, [&](const OwnedRun& run) {
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
        return looked_at <= limit;
    });
    carriage.frames = listed.size();
    carriage.all_listed = looked_at <= limit;
    if (!carriage.all_listed) {
        const ByteRange all = stream_->carried_extent(range);
        carriage.frames = runs.count(all);
        if (const OwnedRun* last = runs.last(all))
            carriage.last = std::max(carriage.last, last->frame);
    }
    return carriage;
}

Completion Overlay::completion(const Chunk& chunk) const {
    if (!chunk.ended) return {};
    // Of what is inside TLS a segment is a record, and its frame the one that completed it.
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
