// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/lane_table.hpp"

#include <algorithm>
#include <array>

#include "core/base/number_text.hpp"
#include "core/report/item_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/record_words.hpp"

namespace seamark {
namespace {

using words::text;

// ------------------------------------------------------------------------------- writes and reads

std::string_view write_look(const LanePiece&) {
    return "write";
}
std::string_view read_look(const LanePiece&) {
    return "read";
}

std::string write_label(const Lanes&, const LanePiece& piece) {
    return words::lane_label(piece.as<CallPiece>(), true);
}
std::string read_label(const Lanes&, const LanePiece& piece) {
    return words::lane_label(piece.as<CallPiece>(), false);
}
std::string write_cell(const Lanes&, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? words::label(piece.as<CallPiece>(), true) : std::string();
}
std::string read_cell(const Lanes&, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? words::label(piece.as<CallPiece>(), false) : std::string();
}
std::string call_leg_cell(const Lanes&, const LanePiece& lane_piece, bool brief) {
    const auto& piece = lane_piece.as<CallPiece>();
    if (piece.call == nullptr) return words::lane_label(piece, true);
    if (brief) return text(piece.call->index);
    return text(piece.call->index) + ":" + text(piece.call->taken);
}
std::string write_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<CallPiece>(), "write");
}
std::string read_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<CallPiece>(), "read");
}
/// "1:1007": in the text table, where lanes are many.
std::string upper_cell(const Lanes& lanes, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? call_leg_cell(lanes, piece, false) : std::string();
}
/// What a call above TLS moved, and in which records it went.
std::string upper_title(const Lanes& lanes, const CallPiece& piece, const char* noun) {
    const std::string out = words::title(lanes, piece, noun);
    if (piece.plaintext.empty()) return out + words::in_records(*lanes.stream, piece.range);
    const Stream& plain = lanes.entry->connection->plain()->stream(lanes.side);
    return out + words::in_records(plain, piece.plaintext);
}
std::string upper_write_title(const Lanes& lanes, const LanePiece& piece) {
    return upper_title(lanes, piece.as<CallPiece>(), "application write");
}
std::string upper_read_title(const Lanes& lanes, const LanePiece& piece) {
    return upper_title(lanes, piece.as<CallPiece>(), "application read");
}
std::optional<LaneTime> call_time(const LanePiece& piece) {
    const CallRecord* call = piece.as<CallPiece>().call;
    if (call == nullptr) return std::nullopt;  // a tag has no time
    return LaneTime{call->entered, std::max(call->entered, call->left)};
}
std::string call_time_note(const LanePiece& piece) {
    const CallRecord& call = *piece.as<CallPiece>().call;
    return ", returned after " + words::milliseconds(call.left - call.entered);
}

// ------------------------------------------------------------------------------------ TLS records

std::string_view record_look(const LanePiece&) {
    return "record";
}
std::string record_label(const Lanes&, const LanePiece& piece) {
    return words::label(piece.as<RecordPiece>());
}
std::string record_cell(const Lanes&, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? words::label(piece.as<RecordPiece>()) : std::string();
}
std::string record_leg_cell(const Lanes&, const LanePiece& piece, bool) {
    return words::label(piece.as<RecordPiece>());
}
std::string record_title(const Lanes& lanes, const LanePiece& lane_piece) {
    const auto& piece = lane_piece.as<RecordPiece>();
    return words::title(lanes, piece) + words::readable(*lanes.stream, *piece.record);
}
std::span<const ByteRange> record_dark(const LanePiece& lane_piece, std::span<ByteRange, 2> room) {
    const auto& piece = lane_piece.as<RecordPiece>();
    room[0] = intersect(piece.record->header(), piece.range);
    return room.first<1>();
}

// ----------------------------------------------------------------------------------------- chunks

std::string_view chunk_look(const LanePiece& piece) {
    return piece.as<ChunkPiece>().chunk != nullptr ? "chunk" : "other";
}
std::string chunk_label(const Lanes& lanes, const LanePiece& piece) {
    return words::label(lanes, piece.as<ChunkPiece>());
}
std::string chunk_cell(const Lanes& lanes, const LanePiece& piece, ByteRange row, bool begins) {
    std::string parts = words::parts(piece.as<ChunkPiece>(), row);
    if (!begins) return parts;
    std::string out = chunk_label(lanes, piece);
    return parts.empty() ? out : out + " " + parts;
}
std::string chunk_leg_cell(const Lanes& lanes, const LanePiece& lane_piece, bool) {
    const auto& piece = lane_piece.as<ChunkPiece>();
    if (piece.chunk == nullptr) return words::label(lanes, piece);
    return text(piece.number) + ":" + std::string(piece.chunk->hex());
}
std::string chunk_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<ChunkPiece>());
}
std::string page_chunk_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<ChunkPiece>(), words::Content::kLeftOut);
}
/// Size line, and what stands after the data.
std::span<const ByteRange> chunk_dark(const LanePiece& lane_piece, std::span<ByteRange, 2> room) {
    const auto& piece = lane_piece.as<ChunkPiece>();
    if (piece.chunk == nullptr || piece.inside()) return {};
    room[0] = intersect(piece.chunk->header(), piece.range);
    room[1] = intersect(piece.chunk->tail(), piece.range);
    return room;
}

// ----------------------------------------------------------------------------------------- events

std::string_view item_look(const LanePiece& piece) {
    return piece.as<ItemPiece>().item->kind == ItemKind::kEvent ? "item" : "other";
}
std::string item_label(const Lanes&, const LanePiece& piece) {
    return words::label(piece.as<ItemPiece>());
}
std::string item_cell(const Lanes&, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? words::label(piece.as<ItemPiece>()) : std::string();
}
std::string item_leg_cell(const Lanes& lanes, const LanePiece& piece, bool) {
    return item_label(lanes, piece);
}
std::string item_title(const Lanes&, const LanePiece& piece) {
    return words::title(piece.as<ItemPiece>());
}
std::string page_item_label(const Lanes&, const LanePiece& piece) {
    return words::label(piece.as<ItemPiece>(), words::Content::kLeftOut);
}
std::string page_item_title(const Lanes&, const LanePiece& piece) {
    return words::title(piece.as<ItemPiece>(), words::Content::kLeftOut);
}

// --------------------------------------------------------------------------- segments and packets

std::string_view segment_look(const LanePiece& piece) {
    return piece.as<SegmentPiece>().segment != nullptr ? "segment" : "missing";
}
std::string segment_label(const Lanes&, const LanePiece& piece) {
    return words::label(piece.as<SegmentPiece>());
}
std::string page_segment_label(const Lanes&, const LanePiece& lane_piece) {
    const auto& piece = lane_piece.as<SegmentPiece>();
    if (piece.segment == nullptr) return words::label(piece);
    std::string out =
        text(piece.segment->index) + ": " + words::count(piece.segment->wire_length, "byte");
    if (piece.packets > 1) out += " = " + text(piece.packets) + " packets";
    return out + ", frame " + text(piece.segment->frame);
}
/// Its causes are marks of their own there.
std::string page_segment_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<SegmentPiece>());
}
std::string segment_cell(const Lanes&, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? words::label(piece.as<SegmentPiece>()) : std::string();
}
std::string segment_leg_cell(const Lanes&, const LanePiece& lane_piece, bool) {
    const auto& piece = lane_piece.as<SegmentPiece>();
    if (piece.segment == nullptr) return words::label(piece);
    return text(piece.segment->frame) + ":" + text(piece.segment->wire_length);
}
std::string segment_title(const Lanes& lanes, const LanePiece& piece) {
    return words::title(lanes, piece.as<SegmentPiece>()) +
           words::why(lanes, piece.as<SegmentPiece>());
}
std::optional<LaneTime> segment_time(const LanePiece& piece) {
    const Segment* segment = piece.as<SegmentPiece>().segment;
    if (segment == nullptr) return std::nullopt;
    return LaneTime{segment->time, segment->time};
}
std::string no_note(const LanePiece&) {
    return {};
}

std::string_view wire_look(const LanePiece&) {
    return "packet";
}
std::string wire_label(const Lanes&, const LanePiece& lane_piece) {
    const auto& piece = lane_piece.as<WirePiece>();
    if (piece.number == 0) return "×" + std::to_string(piece.count);
    return std::to_string(piece.range.length());
}
std::string wire_title(const Lanes& lanes, const LanePiece& lane_piece) {
    const auto& piece = lane_piece.as<WirePiece>();
    const std::string segment = "segment " + std::to_string(piece.segment->index) + ", frame " +
                                std::to_string(static_cast<std::uint32_t>(piece.segment->frame));
    if (piece.number == 0)
        return std::to_string(piece.count) + " packets of " + segment + ", by the MSS";
    return "packet " + std::to_string(piece.number) + " of " + std::to_string(piece.count) +
           " that " + segment +
           " is on a wire, by the MSS: " + std::to_string(piece.range.length()) + " bytes at " +
           text(lanes.offset(piece.range.begin));
}
std::string wire_leg_cell(const Lanes& lanes, const LanePiece& piece, bool) {
    return wire_label(lanes, piece);
}
std::string wire_cell(const Lanes& lanes, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? wire_label(lanes, piece) : std::string();
}

constexpr std::string_view kNotRecorded = "not recorded";
constexpr LaneNames kUpperWriteNames{
    "application writes", "app write", "app writes",
    "app write",          "",          "Application writes: the program's calls into TLS"};
constexpr LaneNames kUpperReadNames{
    "application reads", "app read", "app reads",
    "app read",          "",         "Application reads: what the program took out of TLS"};
constexpr LaneNames kWriteNames{"writes", "write", "writes", "write", kNotRecorded};
constexpr LaneNames kTagNames{"writes (tags)", "write (tags)", "tags", "tag", ""};
constexpr LaneNames kRecordNames{"TLS records", "TLS record", "TLS records", "record", ""};
constexpr LaneNames kChunkNames{"chunks", "chunk", "chunks", "chunk", "no HTTP"};
constexpr LaneNames kInsideNames{"chunks", "chunk", "chunks", "chunk", ""};
constexpr LaneNames kItemNames{"events", "event", "events",
                               "event",  "",      "Events: what the body is cut into"};
constexpr LaneNames kSegmentNames{"segments", "segment frame:bytes", "segments", "frame", ""};
constexpr LaneNames kWireNames{"wire", "", "wire", "wire", ""};
constexpr LaneNames kReadNames{"reads", "read", "reads", "read", kNotRecorded};

const auto kTable = std::to_array<LaneStyle>({
    {LaneKind::kUpperWrites, kUpperWriteNames, kUpperWriteNames, false, true, write_look,
     write_label, upper_cell, call_leg_cell, upper_write_title, nullptr, call_time, call_time_note},
    {LaneKind::kWrites, kWriteNames, kTagNames, false, true, write_look, write_label, write_cell,
     call_leg_cell, write_title, nullptr, call_time, call_time_note, "application"},
    {LaneKind::kRecords, kRecordNames, kRecordNames, false, true, record_look, record_label,
     record_cell, record_leg_cell, record_title, record_dark, nullptr, nullptr, "TLS"},
    {LaneKind::kChunks, kChunkNames, kInsideNames, true, true, chunk_look, chunk_label, chunk_cell,
     chunk_leg_cell, chunk_title, chunk_dark, nullptr, nullptr, "HTTP", nullptr, page_chunk_title},
    {LaneKind::kItems, kItemNames, kItemNames, false, true, item_look, item_label, item_cell,
     item_leg_cell, item_title, nullptr, nullptr, nullptr, "events", page_item_label,
     page_item_title},
    {LaneKind::kSegments, kSegmentNames, kSegmentNames, true, true, segment_look, segment_label,
     segment_cell, segment_leg_cell, segment_title, nullptr, segment_time, no_note, "kernel",
     page_segment_label, page_segment_title},
    {LaneKind::kWire, kWireNames, kWireNames, false, false, wire_look, wire_label, wire_cell,
     wire_leg_cell, wire_title, nullptr, nullptr, nullptr, "wire"},
    {LaneKind::kReads, kReadNames, kReadNames, false, true, read_look, read_label, read_cell,
     call_leg_cell, read_title, nullptr, call_time, call_time_note, "receiver"},
    {LaneKind::kUpperReads, kUpperReadNames, kUpperReadNames, false, true, read_look, read_label,
     upper_cell, call_leg_cell, upper_read_title, nullptr, call_time, call_time_note},
});

}  // namespace

LaneTable lane_table() {
    return kTable;
}

const LaneStyle* style_of(LaneTable table, LaneKind kind) {
    const auto at = std::find_if(table.begin(), table.end(),
                                 [kind](const LaneStyle& style) { return style.kind == kind; });
    return at != table.end() ? &*at : nullptr;
}

}  // namespace seamark
