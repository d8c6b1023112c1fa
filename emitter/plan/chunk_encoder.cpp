// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/chunk_encoder.hpp"

#include <algorithm>
#include <charconv>

namespace seamark::plan {

char* put_line_end(char* at) {
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

char* put_size_line(char* at, std::uint64_t size, std::string_view tag) {
    at = std::to_chars(at, at + 16, size, 16).ptr;
    if (!tag.empty()) {
        *at++ = ';';
        *at++ = 'w';
        *at++ = '=';
        at = std::copy(tag.begin(), tag.end(), at);
    }
    return put_line_end(at);
}

char* put_last_chunk(char* at, std::string_view tag, std::string_view trailer_section) {
    at = put_size_line(at, 0, tag);
    return put_line_end(std::copy(trailer_section.begin(), trailer_section.end(), at));
}

}  // namespace seamark::plan
