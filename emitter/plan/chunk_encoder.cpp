// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/chunk_encoder.hpp"

#include <array>
#include <charconv>

namespace seamark::plan {
namespace {

void append_number(std::string& out, std::uint64_t number, int base) {
    std::array<char, 20> digits;  // 2^64 - 1 in decimal
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

void append_tag(std::string& out, const WriteRange& tag) {
    out += ";w=";
    append_number(out, tag.first, 10);
    if (tag.last != tag.first) {
        out += '-';
        append_number(out, tag.last, 10);
    }
}

}  // namespace

void append_line_end(std::string& out) {
    out += "\r\n";
}

void append_size_line(std::string& out, std::uint64_t size, std::optional<WriteRange> tag) {
    append_number(out, size, 16);
    if (tag) append_tag(out, *tag);
    append_line_end(out);
}

void append_last_chunk(std::string& out, std::optional<WriteRange> tag) {
    append_size_line(out, 0, tag);
    append_line_end(out);
}

}  // namespace seamark::plan
