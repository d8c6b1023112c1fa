// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/lanes.hpp"

#include <algorithm>

#include "core/lanes/lane_seams.hpp"

namespace seamark {
namespace {

/// Sorts ranges and joins those that overlap or touch.
void unite(std::vector<ByteRange>& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](ByteRange a, ByteRange b) { return a.begin < b.begin; });
    std::size_t count = 0;
    for (const ByteRange range : ranges) {
        if (count > 0 && range.begin <= ranges[count - 1].end) {
            ranges[count - 1].end = std::max(ranges[count - 1].end, range.end);
        } else {
            ranges[count++] = range;
        }
    }
    ranges.resize(count);
}

/// The head or chunk that has the byte at a position; of anything else that byte alone.
ByteRange whole_piece(const Stream& stream, StreamOffset at) {
    std::vector<Piece> found;
    Overlay(stream).pieces({at, at + 1}, found);
    if (found.empty()) return {at, at + 1};
    const Piece& piece = found.front();
    if (piece.chunk != Piece::kNoChunk) return stream.framer().chunks()[piece.chunk].range();
    if (piece.kind == PieceKind::kHead) return stream.framer().messages()[piece.message].head;
    return piece.range;
}

ByteRange captured_by(const Stream& stream) {
    return {stream.lane().runs().begin(), stream.lane().runs().end()};
}

/// Extends what is shown to whole heads and chunks, as far as they were captured.
void extend_to_pieces(Lanes& lanes) {
    unite(lanes.shown);
    for (ByteRange& range : lanes.shown) {
        range.begin = std::min(range.begin, whole_piece(*lanes.stream, range.begin).begin);
        range.end = std::max(range.end, whole_piece(*lanes.stream, range.end - 1).end);
        range = intersect(range, captured_by(*lanes.stream));
    }
    unite(lanes.shown);
    std::erase_if(lanes.shown, [](ByteRange range) { return range.empty(); });
}

void choose(Lanes& lanes, const FrameFilter& keep) {
    const Stream& stream = *lanes.stream;
    if (!keep) {
        lanes.shown.push_back(captured_by(stream));
        return;
    }
    for (const Segment& segment : stream.lane().segments())
        if (segment.captured > 0 && keep(segment.frame)) lanes.shown.push_back(segment.range());
    extend_to_pieces(lanes);
}

void gather_calls(const Lanes& lanes, const CallLane& calls, ByteRange range,
                  std::vector<CallPiece>& out) {
    lanes.stream->each_call(calls, range, [&](ByteRange part, const CallRecord& call) {
        out.push_back({intersect(part, range), &call, {}});
    });
}

void gather_chunks(Lanes& lanes, ByteRange range) {
    std::vector<Piece> pieces;
    Overlay(*lanes.stream).pieces(range, pieces);
    const auto& framer = lanes.stream->framer();
    std::uint32_t open = Piece::kNoChunk;
    for (const Piece& piece : pieces) {
        if (piece.chunk != Piece::kNoChunk && piece.chunk == open) {
            lanes.chunks.back().range.end = piece.range.end;
            continue;
        }
        open = piece.chunk;
        ChunkPiece whole{piece.range, piece.kind, piece.message, 0, nullptr};
        if (open != Piece::kNoChunk) {
            whole.kind = PieceKind::kSizeLine;
            whole.chunk = &framer.chunks()[open];
            whole.number = open - framer.messages()[piece.message].first_chunk + 1;
        }
        lanes.chunks.push_back(whole);
    }
}

void gather_segments(Lanes& lanes, ByteRange range) {
    const Overlay overlay(*lanes.stream);
    StreamOffset at = range.begin;
    lanes.stream->lane().runs().each(range, [&](const OwnedRun& run) {
        if (at < run.begin) lanes.segments.push_back({{at, run.begin}, nullptr, 0, 0});
        at = run.end();
        SegmentPiece piece{run.range(), overlay.segment_with(run.frame, run.begin), 0, 0};
        if (piece.segment != nullptr) {
            const auto payload =
                lanes.entry->connection->max_payload(lanes.side, piece.segment->options_length());
            const std::uint32_t length = piece.segment->wire_length;
            if (payload) {
                piece.payload = *payload;
                piece.packets = length / *payload + (length % *payload != 0 ? 1 : 0);
            }
        }
        lanes.segments.push_back(piece);
    });
    if (at < range.end) lanes.segments.push_back({{at, range.end}, nullptr, 0, 0});
}

/// Of the chunks none of whose writes was recorded.
void take_tags(Lanes& lanes) {
    const Overlay overlay(*lanes.stream);
    const bool recorded = !lanes.writes.empty();
    for (const ChunkPiece& piece : lanes.chunks) {
        if (piece.chunk == nullptr || overlay.knows_writes(piece.chunk->range())) continue;
        if (const auto tag = overlay.writes(lanes.message(piece), *piece.chunk).range)
            lanes.writes.push_back({piece.range, nullptr, *tag});
    }
    std::sort(lanes.writes.begin(), lanes.writes.end(),
              [](const CallPiece& a, const CallPiece& b) { return a.range.begin < b.range.begin; });
    lanes.writes_from_tags = !recorded && !lanes.writes.empty();
}

/// Calls that belong to no byte of the capture.
std::uint64_t count_unplaced(const Stream& stream) {
    const ByteRange behind{stream.lane().runs().end(), ~StreamOffset{0}};
    std::uint64_t count = 0;
    for (const CallLane* calls : {&stream.writes(), &stream.reads()}) {
        if (!stream.position(0, 0)) {
            count += calls->size();
            continue;
        }
        stream.each_call(*calls, behind, [&](ByteRange part, const CallRecord&) {
            if (part.begin >= behind.begin) ++count;
        });
    }
    return count;
}

void fill(Lanes& lanes) {
    for (const ByteRange range : lanes.shown) {
        gather_calls(lanes, lanes.stream->writes(), range, lanes.writes);
        gather_calls(lanes, lanes.stream->reads(), range, lanes.reads);
        gather_chunks(lanes, range);
        gather_segments(lanes, range);
    }
    take_tags(lanes);
    lanes.unplaced = count_unplaced(*lanes.stream);
}

void note_leg_doubts(Lanes& lanes, const LegPairs& legs) {
    if (legs.doubts().empty()) return;
    std::optional<std::uint32_t> last;
    for (const ChunkPiece& piece : lanes.chunks) {
        if (piece.message == last) continue;
        last = piece.message;
        const auto doubt = legs.doubts().find({lanes.entry->connection, lanes.side, piece.message});
        if (doubt != legs.doubts().end())
            lanes.leg_doubts[doubt->second].push_back(lanes.exchange(piece));
    }
}

void gather(const CaptureEntry& entry, Side side, const FrameFilter& keep, const LegPairs* legs,
            std::vector<Lanes>& out) {
    Lanes lanes(entry, side);
    if (lanes.stream->lane().runs().empty()) return;
    choose(lanes, keep);
    if (lanes.shown.empty()) return;
    fill(lanes);
    if (legs != nullptr) note_leg_doubts(lanes, *legs);
    out.push_back(std::move(lanes));
}

}  // namespace

std::optional<WriteRange> Lanes::exchanges() const {
    if (chunks.empty()) return std::nullopt;
    return WriteRange{exchange(chunks.front()), exchange(chunks.back())};
}

std::uint64_t Lanes::shown_bytes() const {
    std::uint64_t bytes = 0;
    for (const ByteRange range : shown) bytes += range.length();
    return bytes;
}

Lanes lanes_of_ranges(const CaptureEntry& entry, Side side, std::vector<ByteRange> ranges) {
    Lanes lanes(entry, side);
    lanes.shown = std::move(ranges);
    extend_to_pieces(lanes);
    fill(lanes);
    return lanes;
}

std::vector<Lanes> gather_lanes(std::span<const CaptureEntry> entries, const FrameFilter& keep,
                                const LegPairs* legs) {
    std::vector<Lanes> all;
    for (const CaptureEntry& entry : entries) {
        for (const bool request : {true, false}) {
            for (const Side side : {Side::kFirst, Side::kSecond}) {
                const auto& messages = entry.connection->stream(side).framer().messages();
                if (!messages.empty() && messages.front().is_request() == request)
                    gather(entry, side, keep, legs, all);
            }
        }
    }
    return all;
}

std::vector<LaneRow> lane_rows(const Lanes& lanes) {
    std::vector<LaneRow> rows;
    std::size_t write = 0;
    std::size_t chunk = 0;
    std::size_t segment = 0;
    std::size_t read = 0;
    for (const ByteRange range : lanes.shown) {
        for (StreamOffset at = range.begin; at < range.end; at = rows.back().range.end) {
            LaneRow row;
            const StreamOffset seam =
                std::min({next_seam(lanes.writes, write, at, row.write),
                          next_seam(lanes.chunks, chunk, at, row.chunk),
                          next_seam(lanes.segments, segment, at, row.segment),
                          next_seam(lanes.reads, read, at, row.read), range.end});
            row.range = {at, seam};
            rows.push_back(row);
        }
    }
    return rows;
}

}  // namespace seamark
