// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/byte_range.hpp"
#include "core/http1/fault.hpp"
#include "core/http1/framing.hpp"

namespace seamark {

/// One chunk whose size line is whole: 48 bytes, and its size line's text in the lane's
/// pool. Which frames carry it is not kept: that is the join with the segment lane.
struct Chunk {
    StreamOffset offset;            // of the size line
    std::uint64_t size = 0;         // value of the digits
    const char* text = nullptr;     // digits and extension as written, in the lane's pool
    std::uint32_t text_length = 0;  // of both
    std::uint32_t digits = 0;       // of the digits alone
    FaultSet faults;
    std::uint32_t tail_length = 0;       // line end, or trailer section and final line end, so far
    std::uint8_t line_end_length = 0;    // of the size line: 1 or 2
    std::uint8_t final_line_length = 0;  // of the empty line after a trailer section
    bool ended = false;  // properly ended: what follows is the next chunk or message

    /// Digits and extension as written, without the line end. The pool of the lane owns the bytes.
    std::string_view size_line() const { return {text, text_length}; }
    std::string_view hex() const { return {text, digits}; }
    std::string_view extension() const { return {text + digits, text_length - digits}; }
    bool last() const { return size == 0; }
    /// Of its faults, those of the size line; the others are of what follows the data.
    FaultSet line_faults() const {
        FaultSet line;
        for (const Fault fault : {Fault::kLeadingZeros, Fault::kBlankAfterSize,
                                  Fault::kEmptyExtensionName, Fault::kBadExtension, Fault::kBadTag})
            if (faults.has(fault)) line.add(fault);
        if (faults.has(Fault::kBareLf) && line_end_length == 1) line.add(Fault::kBareLf);
        if (faults.has(Fault::kBareCr) && size_line().find('\r') != std::string_view::npos)
            line.add(Fault::kBareCr);
        return line;
    }
    std::uint64_t header_length() const { return std::uint64_t{text_length} + line_end_length; }
    ByteRange header() const { return {offset, offset + header_length()}; }
    ByteRange data() const { return {header().end, saturating_add(header().end, size)}; }
    ByteRange tail() const { return {data().end, saturating_add(data().end, tail_length)}; }
    /// Size line, data and what follows them, as far as it is known.
    ByteRange range() const { return {offset, tail().end}; }
    /// Of the last chunk: tail() without its final empty line.
    ByteRange trailer() const {
        return {tail().begin, tail().end - (last() ? final_line_length : tail_length)};
    }
};
static_assert(sizeof(Chunk) <= 48, "a chunk costs a compact record");

/// One message, from its start line on. It exists once the start line is whole.
struct Message {
    ByteRange head;  // so far; with the empty line once the head is whole
    ByteRange body;  // of a body that is not chunked; end is what the framing says, if it says
    // Hash of a request's method and target in origin form; of a response's id ("Seamark: id=…").
    // 0: none. They show which exchanges may be legs of one.
    std::uint64_t key = 0;
    std::string_view coding;   // as Content-Encoding says, in the lane's pool; empty: none
    std::string_view media;    // as Content-Type says, in the lane's pool; empty: it does not
    std::string_view upgrade;  // of a 101 response: what Upgrade names, in the lane's pool
    StartLine line;
    Framing framing = Framing::kUnknown;
    FramingReason reason = FramingReason::kHeadNotWhole;
    bool tagged = false;     // Seamark: tag=w
    bool forwarded = false;  // a field of its head says that a proxy passed it on
    bool head_whole = false;
    bool ended = false;             // the framing found its end (data in between may be missing)
    bool dropped = false;           // pipelined behind a request that was upgraded
    bool blind = false;             // framed before the request it answers was seen
    bool unsolicited = false;       // a final response that came when no request was outstanding
    FaultSet faults;                // of the head, its framing, and what ended it early
    FaultSet head_faults;           // of the head alone: every chunk inherits them
    StreamOffset stopped_at;        // where a fatal fault or missing bytes ended it; 0: nowhere
    std::uint32_t first_chunk = 0;  // index in the lane's chunks
    std::uint32_t chunk_count = 0;
    std::uint32_t answer = 0;  // of a response: how many that answer a request came before it

    /// What ended the message, beside the faults of its head.
    FaultSet ending_faults() const { return faults.without(head_faults); }
    /// Why it is not whole, where it was framed as far as it goes.
    std::optional<Fault> cut() const {
        const FaultSet ending = ending_faults();
        for (const Fault fault : {Fault::kMissingBytes, Fault::kCutByFin, Fault::kCutByReset,
                                  Fault::kUnfinished, Fault::kSubflow})
            if (ending.has(fault)) return fault;
        return std::nullopt;
    }
    bool stopped() const { return stopped_at != StreamOffset{}; }
    bool is_request() const { return line.kind == MessageKind::kRequest; }
};

}  // namespace seamark
