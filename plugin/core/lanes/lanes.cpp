// SPDX-License-Identifier: GPL-2.0-or-later
//
// Longer than most: the producers of all lanes stand side by side, so that a new one is written as
// its neighbours are.
#include "core/lanes/lanes.hpp"

#include <algorithm>
#include <utility>

#include "core/lanes/lane_boundaries.hpp"
#include "core/lanes/wire_lane.hpp"
#include "core/stream/plain_places.hpp"

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
ByteRange whole_text(const Stream& stream, StreamOffset at) {
    std::vector<Piece> found;
    Overlay(stream).pieces({at, at + 1}, found);
    if (found.empty()) return {at, at + 1};
    const Piece& piece = found.front();
    if (piece.chunk != Piece::kNoChunk) return stream.messages().chunk(piece.chunk).range();
    if (piece.kind == PieceKind::kHead) return stream.messages()[piece.message].head;
    return piece.range;
}

/// The head, chunk or record that has the byte at a position; of a record that was decrypted what
/// its first and its last byte belong to, too.
ByteRange whole_piece(const Lanes& lanes, StreamOffset at) {
    ByteRange whole = whole_text(*lanes.stream, at);
    const RecordFramer* records = lanes.stream->records();
    if (records == nullptr) return whole;
    records->each({at, at + 1}, [&](std::uint32_t, const TlsRecord& r) { whole = r.range(); });
    const ByteRange text = plaintext_of(*lanes.entry->connection, lanes.side, {at, at + 1});
    if (text.empty()) return whole;
    const Stream& plain = lanes.entry->connection->plain()->stream(lanes.side);
    for (const StreamOffset end : {text.begin, text.end - 1}) {
        const ByteRange piece = carried_places(plain, whole_text(plain, end));
        if (piece.empty()) continue;
        whole = {std::min(whole.begin, piece.begin), std::max(whole.end, piece.end)};
    }
    return whole;
}

ByteRange captured_by(const Stream& stream) {
    return {stream.lane().runs().begin(), stream.lane().runs().end()};
}

/// Extends what is shown to whole heads, chunks and records, as far as they were captured.
void extend_to_pieces(Lanes& lanes) {
    unite(lanes.shown);
    for (ByteRange& range : lanes.shown) {
        range.begin = std::min(range.begin, whole_piece(lanes, range.begin).begin);
        range.end = std::max(range.end, whole_piece(lanes, range.end - 1).end);
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

Lane call_lane(LaneKind kind, const Lanes& lanes, const CallLane& calls) {
    Lane lane{kind, {}};
    for (const ByteRange range : lanes.shown)
        lanes.stream->each_call(calls, range, [&](ByteRange part, const CallRecord& call) {
            lane.pieces.push_back(CallPiece{intersect(part, range), &call, {}});
        });
    return lane;
}

/// Calls above TLS, where what they moved was decrypted.
Lane upper_lane(LaneKind kind, const Lanes& lanes) {
    const bool writes = kind == LaneKind::kUpperWrites;
    // Lanes of what is inside TLS itself: its calls are those above TLS.
    if (lanes.stream->carrier() != nullptr)
        return call_lane(kind, lanes, writes ? lanes.stream->writes() : lanes.stream->reads());
    Lane lane{kind, {}};
    const Connection* inside = lanes.entry->connection->plain();
    if (inside == nullptr) return lane;
    const Stream& plain = inside->stream(lanes.side);
    const CallLane& calls = writes ? plain.writes() : plain.reads();
    if (calls.empty()) return lane;
    for (const ByteRange range : lanes.shown) {
        const ByteRange text = plaintext_of(*lanes.entry->connection, lanes.side, range);
        if (text.empty()) continue;
        plain.each_call(calls, text, [&](ByteRange part, const CallRecord& call) {
            const ByteRange here = intersect(carried_places(plain, part), range);
            if (!here.empty()) lane.pieces.push_back(CallPiece{here, &call, {}, part});
        });
    }
    return lane;
}

/// Calls on the socket. Of what is inside TLS there are none.
Lane socket_lane(LaneKind kind, const Lanes& lanes) {
    if (lanes.stream->carrier() != nullptr) return {kind, {}};
    return call_lane(kind, lanes,
                     kind == LaneKind::kWrites ? lanes.stream->writes() : lanes.stream->reads());
}

Lane record_lane(const Lanes& lanes) {
    Lane lane{LaneKind::kRecords, {}};
    const RecordFramer* records = lanes.stream->records();
    if (records == nullptr) return lane;
    for (const ByteRange range : lanes.shown)
        records->each(range, [&](std::uint32_t index, const TlsRecord& record) {
            lane.pieces.push_back(
                RecordPiece{intersect(record.range(), range), &record, index + 1});
        });
    return lane;
}

/// Puts pieces together to heads, bodies and whole chunks. place: from a piece's range to where it
/// is drawn; one that is drawn nowhere is left out.
template <typename Place>
void put_together(const Stream& stream, ByteRange range, bool inside, Place place,
                  std::vector<ChunkPiece>& chunks) {
    std::vector<Piece> pieces;
    Overlay(stream).pieces(range, pieces);
    const MessageIndex messages = stream.messages();
    std::uint32_t open = Piece::kNoChunk;
    for (const Piece& piece : pieces) {
        const ByteRange where = place(piece.range);
        if (where.empty()) continue;
        if (piece.chunk != Piece::kNoChunk && piece.chunk == open) {
            chunks.back().range.end = where.end;
            if (inside) chunks.back().plaintext.end = piece.range.end;
            continue;
        }
        open = piece.chunk;
        ChunkPiece whole{where, piece.kind, piece.message, 0, nullptr};
        if (inside) whole.plaintext = piece.range;
        if (open != Piece::kNoChunk) {
            whole.kind = PieceKind::kSizeLine;
            whole.chunk = &messages.chunk(open);
            whole.number = messages.number(messages[piece.message], open);
        }
        chunks.push_back(whole);
    }
}

void gather_chunks(const Lanes& lanes, ByteRange range, std::vector<ChunkPiece>& chunks) {
    const MessageIndex messages = lanes.stream->messages();
    if (const ProxyHeader* header = messages.proxy_header())
        if (const ByteRange here = intersect(header->range, range); !here.empty())
            chunks.push_back({here, PieceKind::kProxyHeader, 0, 0, nullptr});
    put_together(
        *lanes.stream, range, false, [](ByteRange part) { return part; }, chunks);
    const Connection& connection = *lanes.entry->connection;
    const ByteRange text = plaintext_of(connection, lanes.side, range);
    if (text.empty()) return;
    const Stream& plain = connection.plain()->stream(lanes.side);
    put_together(
        plain, text, true,
        [&](ByteRange part) { return intersect(carried_places(plain, part), range); }, chunks);
}

Lane chunk_lane(const Lanes& lanes) {
    std::vector<ChunkPiece> chunks;
    for (const ByteRange range : lanes.shown) gather_chunks(lanes, range, chunks);
    return {LaneKind::kChunks, std::vector<LanePiece>(chunks.begin(), chunks.end())};
}

Lane item_lane(const Lanes& lanes, const Lane& chunks) {
    Lane lane{LaneKind::kItems, {}};
    const BodyItems* last = nullptr;
    for (const LanePiece& lane_piece : chunks.pieces) {
        const auto& piece = lane_piece.as<ChunkPiece>();
        const Stream& stream = lanes.stream_of(piece);
        const BodyItems* items = stream.items(piece.message);
        if (items == nullptr || piece.kind == PieceKind::kProxyHeader || items == last) continue;
        last = items;
        for (const ByteRange range : lanes.shown) {
            const ByteRange text =
                piece.inside() ? plaintext_of(*lanes.entry->connection, lanes.side, range) : range;
            items->each(items->map.in_body(text), [&](const Item& item) {
                ByteRange part = items->extent(item);
                if (piece.inside()) part = carried_places(stream, part);
                part = intersect(part, range);
                // Events that became decodable with the same byte of a coding share it.
                if (!lane.pieces.empty())
                    part.begin = std::max(part.begin, lane.pieces.back().range().end);
                if (!part.empty())
                    lane.pieces.push_back(ItemPiece{part, &item, items->format, piece.message});
            });
        }
    }
    return lane;
}

SegmentPiece segment_piece(const Lanes& lanes, const OwnedRun& run) {
    SegmentPiece piece{run.range(), Overlay(*lanes.stream).segment_with(run.frame, run.begin), 0,
                       0};
    if (piece.segment == nullptr) return piece;
    if (lanes.stream->carrier() != nullptr) return piece;  // a record, which is no packet
    const auto payload =
        lanes.entry->connection->max_payload(lanes.side, piece.segment->options_length());
    const std::uint32_t length = piece.segment->wire_length;
    if (payload) {
        piece.payload = *payload;
        piece.packets = length / *payload + (length % *payload != 0 ? 1 : 0);
    }
    return piece;
}

Lane segment_lane(const Lanes& lanes) {
    Lane lane{LaneKind::kSegments, {}};
    for (const ByteRange range : lanes.shown) {
        StreamOffset at = range.begin;
        lanes.stream->lane().runs().each(range, [&](const OwnedRun& run) {
            if (at < run.begin) lane.pieces.push_back(SegmentPiece{{at, run.begin}});
            at = run.end();
            lane.pieces.push_back(segment_piece(lanes, run));
        });
        if (at < range.end) lane.pieces.push_back(SegmentPiece{{at, range.end}});
    }
    return lane;
}

/// Adds the writes of the chunks none of whose writes was recorded.
void take_tags(Lanes& lanes, Lane& writes, const Lane& chunks) {
    const bool recorded = !writes.pieces.empty();
    for (const LanePiece& lane_piece : chunks.pieces) {
        const auto& piece = lane_piece.as<ChunkPiece>();
        const Overlay overlay(lanes.stream_of(piece));
        if (piece.chunk == nullptr || overlay.knows_writes(piece.chunk->range())) continue;
        if (const auto tag = overlay.writes(lanes.message(piece), *piece.chunk).range)
            writes.pieces.push_back(CallPiece{piece.range, nullptr, *tag});
    }
    std::sort(
        writes.pieces.begin(), writes.pieces.end(),
        [](const LanePiece& a, const LanePiece& b) { return a.range().begin < b.range().begin; });
    lanes.writes_from_tags = !recorded && !writes.pieces.empty();
}

/// Calls that belong to no byte of the capture.
std::uint64_t count_unplaced(const Stream& stream) {
    const ByteRange behind{stream.lane().runs().end(), StreamOffset::max()};
    std::uint64_t count = 0;
    for (const CallLane* calls : {&stream.writes(), &stream.reads()}) {
        if (!stream.position({})) {
            count += calls->size();
            continue;
        }
        stream.each_call(*calls, behind, [&](ByteRange part, const CallRecord&) {
            if (part.begin >= behind.begin) ++count;
        });
    }
    return count;
}

/// Makes each lane of the bytes that are shown. A new lane is one more producer here.
void fill(Lanes& lanes) {
    Lane writes = socket_lane(LaneKind::kWrites, lanes);
    Lane chunks = chunk_lane(lanes);
    Lane segments = segment_lane(lanes);
    Lane wire = wire_lane(segments);
    take_tags(lanes, writes, chunks);
    Lane items = item_lane(lanes, chunks);
    lanes.lanes = {upper_lane(LaneKind::kUpperWrites, lanes),
                   std::move(writes),
                   record_lane(lanes),
                   std::move(chunks),
                   std::move(items),
                   std::move(segments),
                   std::move(wire),
                   socket_lane(LaneKind::kReads, lanes),
                   upper_lane(LaneKind::kUpperReads, lanes)};
    lanes.unplaced = count_unplaced(*lanes.stream);
}

void note_leg_doubts(Lanes& lanes, const LegPairs& legs) {
    if (legs.doubts().empty()) return;
    const Message* last = nullptr;
    for (const LanePiece& lane_piece : lanes.pieces(LaneKind::kChunks)) {
        const auto& piece = lane_piece.as<ChunkPiece>();
        if (piece.kind == PieceKind::kProxyHeader || &lanes.message(piece) == last) continue;
        last = &lanes.message(piece);
        const auto doubt =
            legs.doubts().find({&lanes.connection_of(piece), lanes.side, piece.message});
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

std::span<const LanePiece> Lanes::pieces(LaneKind kind) const {
    for (const Lane& lane : lanes)
        if (lane.kind == kind) return lane.pieces;
    return {};
}

std::optional<WriteRange> Lanes::exchanges() const {
    const auto chunks = pieces(LaneKind::kChunks);
    if (chunks.empty()) return std::nullopt;
    return WriteRange{exchange(chunks.front().as<ChunkPiece>()),
                      exchange(chunks.back().as<ChunkPiece>())};
}

std::uint64_t Lanes::shown_bytes() const {
    std::uint64_t bytes = 0;
    for (const ByteRange range : shown) bytes += range.length();
    return bytes;
}

Lanes lanes_of_segment(const CaptureEntry& entry, Side side, const Segment& segment) {
    Lanes lanes(entry, side);
    lanes.stream->lane().runs().each(segment.range(), [&](const OwnedRun& run) {
        if (run.frame == segment.frame) lanes.shown.push_back(run.range());
    });
    fill(lanes);
    return lanes;
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
                const Stream& stream = entry.connection->stream(side);
                if (stream.messages().empty() && stream.records() == nullptr) continue;
                if (stream.carrier() != nullptr) continue;  // its segments are none
                if (entry.connection->sends_requests(side).value_or(false) == request)
                    gather(entry, side, keep, legs, all);
            }
        }
    }
    return all;
}

std::vector<LaneRow> lane_rows(const Lanes& lanes) {
    std::vector<LaneRow> rows;
    std::vector<std::size_t> from(lanes.lanes.size(), 0);
    for (const ByteRange range : lanes.shown) {
        for (StreamOffset at = range.begin; at < range.end; at = rows.back().range.end) {
            LaneRow row{{at, range.end},
                        std::vector<std::size_t>(lanes.lanes.size(), LaneRow::kNone)};
            for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
                const Lane& lane = lanes.lanes[i];
                if (lane.computed) continue;
                row.range.end =
                    std::min(row.range.end, next_boundary(lane.pieces, from[i], at, row.pieces[i]));
            }
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace seamark
