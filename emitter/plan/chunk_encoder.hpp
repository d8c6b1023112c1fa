// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace seamark::plan {

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
//
// Each function puts its text at `at`, where the caller has made room, and returns the end of it.

/// The longest value of a tag: twice the 20 digits of 2^64 - 1, with "-" between them.
inline constexpr std::size_t longest_tag = 41;

/// Room that any of these texts needs at most, a trailer section aside: 16 digits, ";w=", the tag,
/// twice CRLF.
inline constexpr std::size_t longest_line = 16 + 3 + longest_tag + 4;

/// chunk-size [ chunk-ext ] CRLF. `size` is at least 1: a chunk of size 0 is the last chunk. `tag`
/// is "7" or "7-9", and empty where there is to be no extension.
char* put_size_line(char* at, std::uint64_t size, std::string_view tag);

/// The CRLF after chunk-data.
char* put_line_end(char* at);

/// last-chunk, the trailer section (field lines with their CRLFs, or nothing), CRLF.
char* put_last_chunk(char* at, std::string_view tag, std::string_view trailer_section = {});

}  // namespace seamark::plan
