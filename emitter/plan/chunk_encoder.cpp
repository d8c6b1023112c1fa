// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/chunk_encoder.hpp"

#include <array>
#include <charconv>
#include <iterator>

namespace seamark::plan {
namespace {

// Digits of 2^64 - 1.
constexpr std::size_t hexadecimal = 16;
constexpr std::size_t decimal = 20;

constexpr std::size_t longest_line =
    hexadecimal + std::size(";w=") + decimal + std::size("-") + decimal + std::size("\r\n");

}  // namespace

void append_line_end(std::string& out) {
    out += "\r\n";
}

/// Made in one place and appended once, since this is half the cost of a small chunk.
void append_size_line(std::string& out, std::uint64_t size, std::optional<WriteRange> tag) {
    std::array<char, longest_line> line;
    char* at = std::to_chars(line.data(), line.data() + hexadecimal, size, 16).ptr;
    if (tag) {
        *at++ = ';';
        *at++ = 'w';
        *at++ = '=';
        at = std::to_chars(at, at + decimal, tag->first).ptr;
        if (tag->last != tag->first) {
            *at++ = '-';
            at = std::to_chars(at, at + decimal, tag->last).ptr;
        }
    }
    *at++ = '\r';
    *at++ = '\n';
    out.append(line.data(), at);
}

void append_last_chunk(std::string& out, std::optional<WriteRange> tag) {
    append_size_line(out, 0, tag);
    append_line_end(out);
}

}  // namespace seamark::plan
