// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace seamark::plan {

/// Indices of the writes that carry a chunk, both ends included, first <= last.
struct WriteRange {
    std::uint64_t first;
    std::uint64_t last;
};

// RFC 9112 section 7.1:
//
//   chunked-body = *chunk last-chunk trailer-section CRLF
//   chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//   chunk-size   = 1*HEXDIG
//   last-chunk   = 1*("0") [ chunk-ext ] CRLF
//   chunk-ext    = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//
// The extension written here is the tag: one, with no blank, ";w=7" or ";w=7-9". Both values are
// tokens, so they stand without quotes.

/// chunk-size [ chunk-ext ] CRLF. `size` is at least 1: a chunk of size 0 is the last chunk.
void append_size_line(std::string& out, std::uint64_t size, std::optional<WriteRange> tag);

/// The CRLF behind chunk-data.
void append_line_end(std::string& out);

/// last-chunk, an empty trailer section, CRLF.
void append_last_chunk(std::string& out, std::optional<WriteRange> tag);

}  // namespace seamark::plan
