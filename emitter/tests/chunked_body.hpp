// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::testing {

/// A chunk as a strict reader sees it. It shares no code with the encoder or with the plugin.
struct ReadChunk {
    std::string hex;
    std::string extension;  ///< between the digits and CRLF, ";" included
    std::string data;
    std::size_t begin;  ///< offset of the size line in the text that was read
    std::size_t end;    ///< after the CRLF that ends the chunk
};

struct ReadBody {
    std::vector<ReadChunk> chunks;  ///< the last chunk included
    std::size_t end = 0;            ///< offset after what was understood
    bool complete = false;
    std::string fault;  ///< why it is not complete
    std::string data() const;
};

/// Reads a chunked body that begins at `offset` of `text`. Takes what RFC 9112 section 7.1 says and
/// nothing else; of trailers, that each line has a colon.
ReadBody read_chunked(std::string_view text, std::size_t offset);

struct Tag {
    std::uint64_t first;
    std::uint64_t last;
};

/// Reads ";w=7" or ";w=7-9" with no character more.
std::optional<Tag> read_tag(const std::string& extension);

}  // namespace seamark::testing
