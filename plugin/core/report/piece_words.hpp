// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/lanes/lanes.hpp"

namespace seamark {

/// What the pictures of the lanes write into and about a piece; UTF-8. Labels are short, titles
/// are sentences. Bytes from the capture are printable ASCII in them: others are written \xNN, and
/// a long text is cut.
namespace words {

/// What the peers chose, as names of events and chunk extensions.
enum class Content : bool { kLeftOut, kShown };

/// "1 byte", "2 bytes"
std::string count(std::uint64_t number, const char* noun);
/// Capture of the connection's first segment with payload, ns since 1970: what times count from.
std::optional<std::int64_t> first_time(const Lanes& lanes);
/// "PROXY protocol header, version 1: TCP4 192.0.2.1 198.51.100.1 50000 80 (44 bytes)"
std::string proxy_header(const ProxyHeader& header);
/// " (times count from the connection's first segment)", or that there are none.
std::string time_note(const Lanes& lanes);
/// "1.250 ms", "-0.004 ms": of a time in ns, cut to microseconds.
std::string milliseconds(std::int64_t nanoseconds);

/// "7 send 32": index, call, bytes taken; "7 send 32/64" for a write that asked for more. "tag 7-9"
/// where only a tag shows.
std::string label(const CallPiece& piece, bool write);
/// The same in a lane whose name says that it shows tags: "7-9", where seldom is room.
std::string lane_label(const CallPiece& piece, bool write);
/// "head", "head x2" (exchange, where the lanes show several), "3 hex 20", "body 5000",
/// "body to close", "no size line".
std::string label(const Lanes& lanes, const ChunkPiece& piece);
/// "2 10:42 ×1": index, frame, payload bytes, packets where known. "missing" where no frame has it.
std::string label(const SegmentPiece& piece);
/// Which parts of a chunk a range has: "whole", where that is every byte of one that is properly
/// ended, or some of line, data, trailer, end joined by "+". Only such a one has an end.
/// Empty for what is no chunk.
std::string parts(const ChunkPiece& piece, ByteRange range);

/// At most 60 of the bytes as printable ASCII, others as \xNN.
std::string printable(std::string_view bytes);

/// noun: "write" or "read".
std::string title(const Lanes& lanes, const CallPiece& piece, const char* noun);
std::string title(const Lanes& lanes, const ChunkPiece& piece, Content content = Content::kShown);
std::string title(const Lanes& lanes, const SegmentPiece& piece);

/// "nagle (known)", "unknown": why the segment left then and ends there; empty for missing bytes.
std::string cause(const Lanes& lanes, const SegmentPiece& piece);
/// The same in sentences, to follow the piece's title.
std::string why(const Lanes& lanes, const SegmentPiece& piece);

/// "frame 31", "frames 31, 33 and 40", "frames 31, 33 … (200 in all)": those that carry a range.
std::string frames(const Overlay& overlay, ByteRange range);

/// "127.0.0.1:80", "[::1]:80"
std::string end_point(const SocketAddress& where);
/// "stream 0, response, exchange 1, 460 bytes"
std::string heading(const Lanes& lanes);
/// What no picture can show, a sentence each.
std::vector<std::string> remarks(const Lanes& lanes);
/// The same with what only a picture over time can show.
std::vector<std::string> remarks_without_time(const Lanes& lanes);

}  // namespace words
}  // namespace seamark
