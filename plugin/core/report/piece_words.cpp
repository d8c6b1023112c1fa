// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/piece_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "core/base/number_text.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_story.hpp"
#include "core/report/ending_words.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/record_words.hpp"

namespace seamark::words {
namespace {

std::string numbers(WriteRange range) {
    return range.first == range.last ? text(range.first)
                                     : text(range.first) + "-" + text(range.last);
}

/// " at offset 222"
std::string place(const Lanes& lanes, StreamOffset at) {
    return " at offset " + text(lanes.offset(at));
}

/// ", at 1.250 ms": time in ns since 1970, counted from the connection's first segment.
std::string moment(const Lanes& lanes, std::int64_t time) {
    const auto first = first_time(lanes);
    return first ? ", at " + milliseconds(time - *first) : std::string();
}

bool several_exchanges(const Lanes& lanes) {
    const auto range = lanes.exchanges();
    return range && range->first != range->last;
}

}  // namespace

std::string printable(std::string_view bytes) {
    constexpr std::size_t kMost = 60;
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : bytes.substr(0, kMost)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            out += "\\x";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    return bytes.size() > kMost ? out + "…" : out;
}

std::string count(std::uint64_t number, const char* noun) {
    return text(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string proxy_header(const ProxyHeader& header) {
    return "PROXY protocol header, version " + std::to_string(header.version) + ": " +
           header.says.substr(0, 100) + " (" + count(header.range.length(), "byte") + ")";
}

std::string time_note(const Lanes& lanes) {
    return lanes.entry->connection->clock().missing()
               ? " (the capture has no times)"
               : " (times count from the connection's first segment)";
}

std::optional<std::int64_t> first_time(const Lanes& lanes) {
    if (lanes.entry->connection->clock().missing()) return std::nullopt;
    std::optional<std::int64_t> first;
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const auto& segments = lanes.entry->connection->stream(side).lane().segments();
        if (segments.empty()) continue;
        const std::int64_t time = segments.front().time;
        first = std::min(first.value_or(time), time);
    }
    return first;
}

std::string milliseconds(std::int64_t nanoseconds) {
    const std::int64_t microseconds = nanoseconds / 1000;
    std::string digits = text(static_cast<std::uint64_t>(std::abs(microseconds % 1000)));
    digits.insert(0, 3 - digits.size(), '0');
    std::string out = microseconds < 0 ? "-" : "";
    out += text(static_cast<std::uint64_t>(std::abs(microseconds / 1000)));
    return out + "." + digits + " ms";
}

std::string label(const CallPiece& piece, bool write) {
    if (piece.call == nullptr) return "tag " + numbers(piece.tag);
    const CallRecord& call = *piece.call;
    std::string out = text(call.index) + " " + std::string(to_string(call.call)) + " ";
    out += text(call.taken);
    // Readers ask for a full buffer nearly always; a write that was cut short is worth a word.
    if (write && call.taken != call.requested) out.append("/").append(text(call.requested));
    return out;
}

std::string lane_label(const CallPiece& piece, bool write) {
    return piece.call == nullptr ? numbers(piece.tag) : label(piece, write);
}

std::string label(const Lanes& lanes, const ChunkPiece& piece) {
    const Message& message = lanes.message(piece);
    switch (piece.kind) {
        case PieceKind::kHead:
            return several_exchanges(lanes) ? "head x" + text(lanes.exchange(piece)) : "head";
        case PieceKind::kBody:
            return message.framing == Framing::kContentLength ? "body " + length(message.body)
                                                              : "body to close";
        case PieceKind::kFragment:
            return "no size line";
        case PieceKind::kProxyHeader:
            return "PROXY v" + text(static_cast<std::uint64_t>(
                                   lanes.stream->messages().proxy_header()->version));
        default:
            return text(piece.number) + " hex " + printable(piece.chunk->hex());
    }
}

std::string label(const SegmentPiece& piece) {
    if (piece.segment == nullptr) return "missing";
    std::string out = text(piece.segment->index) + " " + text(piece.segment->frame) + ":" +
                      text(piece.segment->wire_length);
    if (piece.packets > 0) out += " ×" + text(piece.packets);
    return out;
}

std::string parts(const ChunkPiece& piece, ByteRange range) {
    if (piece.chunk == nullptr) return {};
    const Chunk& chunk = *piece.chunk;
    // Which part of the records has which part of the chunk is not known to the byte.
    if (piece.inside()) return range == piece.range && chunk.ended ? "whole" : "";
    if (chunk.ended && range == chunk.range()) return "whole";
    std::string out;
    const auto add = [&](ByteRange part, const char* name) {
        if (intersect(part, range).empty()) return;
        if (!out.empty()) out += '+';
        out += name;
    };
    add(chunk.header(), "line");
    add(chunk.data(), "data");
    add(chunk.trailer(), "trailer");  // empty in all but the last chunk
    if (chunk.ended) add({chunk.trailer().end, chunk.tail().end}, "end");
    return out;
}

std::string title(const Lanes& lanes, const CallPiece& piece, const char* noun) {
    if (piece.call == nullptr)
        return std::string(noun) + " " + numbers(piece.tag) + ", as the chunk's tag says";
    const CallRecord& call = *piece.call;
    const bool inside = !piece.plaintext.empty();
    const std::string at =
        inside ? " of the plaintext at offset " + text(lanes.entry->connection->plain()
                                                           ->stream(lanes.side)
                                                           .public_offset(piece.plaintext.begin))
               : place(lanes, piece.range.begin);
    return std::string(noun) + " " + text(call.index) + ": " + std::string(to_string(call.call)) +
           ", " + text(call.taken) + " of " + count(call.requested, "byte") + at +
           moment(lanes, call.entered) + " (event in frame " + text(call.event) + ")";
}

std::string title(const Lanes& lanes, const ChunkPiece& piece, Content content) {
    const Message& message = lanes.message(piece);
    const ByteRange range = piece.inside() ? piece.plaintext : piece.range;
    const Stream& stream = lanes.stream_of(piece);
    const std::string where = length(range) + (range.length() == 1 ? " byte" : " bytes") +
                              (piece.inside() ? " of the plaintext" : "") + " at offset " +
                              text(stream.public_offset(range.begin)) + ", message " +
                              text(piece.message + std::uint64_t{1}) + ", exchange " +
                              text(lanes.exchange(piece));
    switch (piece.kind) {
        case PieceKind::kHead:
            return "head: " + where;
        case PieceKind::kBody:
            return "body, framing " + std::string(to_string(message.framing)) + ": " + where;
        case PieceKind::kFragment:
            return "no whole or valid size line: " + where;
        case PieceKind::kProxyHeader:
            return proxy_header(*lanes.stream->messages().proxy_header());
        default:
            break;
    }
    const Chunk& chunk = *piece.chunk;
    std::string out = std::string(chunk.last() ? "last chunk" : "chunk") + " " +
                      text(piece.number) + ": size line " +
                      printable(content == Content::kShown ? chunk.size_line() : chunk.hex()) + ", " +
                      count(chunk.size, "byte") + " of data; " + where;
    if (!Overlay(stream).complete(chunk)) out += "; not complete";
    return out;
}

std::string title(const Lanes& lanes, const SegmentPiece& piece) {
    if (piece.segment == nullptr)
        return "missing: " + count(piece.range.length(), "byte") + place(lanes, piece.range.begin) +
               " that no frame of the capture has";
    const Segment& segment = *piece.segment;
    std::string out = "segment " + text(segment.index) + ", frame " + text(segment.frame) + ": " +
                      count(segment.wire_length, "byte") + place(lanes, segment.begin) +
                      moment(lanes, segment.time);
    if (piece.packets > 0) out += ", " + count(piece.packets, "packet") + " on a wire";
    return out;
}

std::string cause(const Lanes& lanes, const SegmentPiece& piece) {
    if (piece.segment == nullptr || lanes.stream->carrier() != nullptr) return {};
    return cause_summary(judge_segment(*lanes.entry->connection, lanes.side, *piece.segment));
}

std::string why(const Lanes& lanes, const SegmentPiece& piece) {
    if (piece.segment == nullptr || lanes.stream->carrier() != nullptr) return {};
    return ". " +
           cause_sentences(judge_segment(*lanes.entry->connection, lanes.side, *piece.segment));
}

std::string frames(const Overlay& overlay, ByteRange range) {
    std::vector<FrameNumber> found;
    constexpr std::size_t kMostNamed = 8;
    constexpr std::size_t kMostCounted = 4096;
    const Carriage carriage = overlay.carriage(range, kMostCounted, found);
    if (found.empty()) return "no frame of the capture";
    if (found.size() == 1) return "frame " + text(found.front());
    std::string out = "frames ";
    const std::size_t listed = std::min(found.size(), kMostNamed);
    for (std::size_t i = 0; i < listed; ++i) {
        if (i > 0) out += i + 1 == found.size() ? " and " : ", ";
        out += text(found[i]);
    }
    if (found.size() > listed)
        out += std::string(" … (") + (carriage.all_listed ? "" : "more than ") +
               text(found.size()) + " in all)";
    return out;
}

std::string end_point(const SocketAddress& where) {
    const bool colon = where.address.find(':') != std::string::npos;
    return (colon ? "[" + where.address + "]" : where.address) + ":" + text(where.port);
}

std::string heading(const Lanes& lanes) {
    std::string out =
        "stream " + text(lanes.entry->stream) + (lanes.request() ? ", request" : ", response");
    if (const auto range = lanes.exchanges())
        out += std::string(", exchange") + (range->first == range->last ? " " : "s ") +
               numbers(*range);
    out += ", " + count(lanes.shown_bytes(), "byte");
    if (const auto records = lanes.pieces(LaneKind::kRecords); !records.empty())
        out += ", " + tls(*lanes.entry->connection) + ", " + count(records.size(), "record");
    return out;
}

std::vector<std::string> remarks(const Lanes& lanes) {
    std::vector<std::string> out;
    if (lanes.unplaced > 0) {
        const bool no_syn = !lanes.stream->position({});
        out.push_back(count(lanes.unplaced, "recorded call") +
                      (no_syn ? " cannot be placed: the SYN, from which offsets count, was not "
                                "captured"
                              : std::string(lanes.unplaced == 1 ? " stands" : " stand") +
                                    " after the last byte that was captured"));
    }
    const Clock& clock = lanes.entry->connection->clock();
    if (clock.missing()) out.emplace_back("the capture has no times for these frames");
    if (clock.step_count() > 0)
        out.push_back("the clock steps back" +
                      (clock.step_count() > 1 ? " " + count(clock.step_count(), "time") + ", first"
                                              : std::string()) +
                      " in frame " + text(clock.steps().front().frame) + ", by " +
                      milliseconds(clock.steps().front().back) +
                      ": times on both sides of it are not comparable");
    std::optional<std::uint32_t> seen;
    for (const LanePiece& piece : lanes.pieces(LaneKind::kChunks)) {
        const auto& chunk = piece.as<ChunkPiece>();
        if (seen == chunk.message) continue;
        seen = chunk.message;
        // That the capture ends here is seen from the lanes themselves.
        if (const auto cut = lanes.message(chunk).cut(); cut && *cut != Fault::kUnfinished)
            out.push_back("message " + text(chunk.message + std::uint64_t{1}) +
                          " is not whole: " + ending(lanes.stream_of(chunk), *cut));
    }
    if (!lanes.pieces(LaneKind::kRecords).empty()) {
        const std::string inside = protocol_inside(*lanes.entry->connection);
        if (!inside.empty()) out.push_back("inside TLS: " + inside);
        if (std::string why = refused(*lanes.stream); !why.empty()) out.push_back(std::move(why));
        for (std::string& line : unjoined_calls(*lanes.entry->connection))
            out.push_back(std::move(line));
    }
    for (std::string& line : leg_doubts(lanes)) out.push_back(std::move(line));
    return out;
}

std::vector<std::string> remarks_without_time(const Lanes& lanes) {
    std::vector<std::string> out = remarks(lanes);
    std::uint64_t repeated = 0;
    for (const Segment& segment : lanes.stream->lane().segments())
        if (segment.retransmission() && !lanes.stream->is_copy(segment)) ++repeated;
    if (repeated > 0)
        out.push_back(count(repeated, "retransmission") +
                      " not drawn: a byte belongs to the frame that carried it first");
    return out;
}

}  // namespace seamark::words
