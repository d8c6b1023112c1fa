// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/http1/chunk_extension.hpp"
#include "core/http1/fault.hpp"
#include "core/http1/trailer_parser.hpp"

namespace seamark {

/// Reads a chunked body (RFC 9112 section 7.1), online: bytes in, events out.
///
///     chunked-body = *chunk last-chunk trailer-section CRLF
///     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///     chunk-size   = 1*HEXDIG
///
/// Chunk data is never fed: after kSizeLine with size() > 0 the caller skips size() bytes and goes
/// on with the byte after them. Every other byte is looked at once. State is bounded by one size
/// line, and that by kSizeLineLimit.
class ChunkParser {
  public:
    static constexpr std::size_t kSizeLineLimit = std::size_t{64} * 1024;  // line end included

    enum class Event : std::uint8_t {
        kNeedMore,  // all bytes taken, nothing ended
        kSizeLine,  // the size line is whole
        kChunkEnd,  // the line end after the data is whole
        kBodyEnd,   // the empty line after the last chunk is whole
        kRefused,   // what follows cannot be framed; faults() says why
    };
    struct Step {
        std::size_t consumed;
        Event event;
    };

    /// Takes bytes up to and with the next event. After kRefused and kBodyEnd call reset().
    Step feed(std::span<const std::uint8_t> bytes);
    void reset() { *this = ChunkParser{}; }

    /// True while the parser is inside a size line (or at its first byte).
    bool in_size_line() const { return state_ < State::kDataEnd; }
    /// True when not one byte of the current size line came yet.
    bool at_size_line_begin() const { return state_ == State::kSizeBegin; }

    // Of the current chunk, from kSizeLine until the first byte of the next size line.
    std::uint64_t size() const { return size_; }
    /// Digits and extension, as written, without the line end.
    const std::string& line() const { return line_; }
    std::size_t digits() const { return digits_; }
    /// Length of the size line with its line end.
    std::size_t line_length() const { return line_length_; }
    /// Bytes after the data so far: the line end, or trailer section and final line end.
    std::uint64_t tail_length() const { return tail_length_; }
    /// After kBodyEnd: how many bytes of tail_length() are the final empty line.
    std::uint8_t final_line_length() const { return trailer_.empty_line_length(); }
    /// Of the current chunk; with kRefused also the one that refuses.
    FaultSet faults() const {
        FaultSet all = faults_;
        all.add(trailer_.faults());
        return all;
    }

  private:
    enum class State : std::uint8_t {
        kSizeBegin,
        kSize,
        kBlanks,
        kExtension,
        kExtensionCr,
        kSizeCr,
        kDataEnd,
        kDataEndCr,
        kTrailer,
    };
    std::size_t usual_size_line(std::span<const std::uint8_t> bytes);
    std::size_t extension_run(std::span<const std::uint8_t> bytes);
    Event take(unsigned char byte);
    void begin_chunk();
    Event size_begin(unsigned char byte);
    Event size(unsigned char byte);
    Event after_size(unsigned char byte);
    Event extension(unsigned char byte);
    Event data_end(unsigned char byte);
    Event end_size_line();
    Event end_chunk();
    Event refuse(Fault fault);

    State state_ = State::kSizeBegin;
    ExtensionChecker extension_;
    FaultSet faults_;
    std::uint64_t size_ = 0;
    std::string line_;
    std::size_t digits_ = 0;
    std::size_t line_length_ = 0;
    std::uint64_t tail_length_ = 0;
    TrailerParser trailer_;
};

}  // namespace seamark
