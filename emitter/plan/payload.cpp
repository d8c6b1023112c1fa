// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/payload.hpp"

#include <algorithm>
#include <array>

namespace seamark::plan {
namespace {

constexpr std::size_t letters = 26;
constexpr std::size_t block_size = letters * 160;

/// The alphabet, repeated: big writes are copied in a few large blocks.
constexpr auto block = [] {
    std::array<char, block_size> text{};
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % letters);
    return text;
}();

}  // namespace

char* put_letters(char* at, std::uint64_t from, std::uint64_t to) {
    while (from < to) {
        const std::uint64_t start = from % letters;
        const std::uint64_t length = std::min<std::uint64_t>(block_size - start, to - from);
        at = std::copy_n(block.data() + start, length, at);
        from += length;
    }
    return at;
}

char* put_payload(char* at, std::string_view number, std::uint64_t size, std::uint64_t offset,
                  std::uint64_t length) {
    const std::uint64_t blank = number.size();
    const std::uint64_t end = offset + length;
    const std::uint64_t text_end = std::min(end, size > 1 ? size - 1 : size);
    std::uint64_t next = offset;
    if (next < blank && next < text_end) {
        const std::uint64_t stop = std::min(blank, text_end);
        at = std::copy_n(number.data() + next, stop - next, at);
        next = stop;
    }
    if (next == blank && next < text_end) {
        *at++ = ' ';
        ++next;
    }
    if (next < text_end) at = put_letters(at, next - blank - 1, text_end - blank - 1);
    if (length > 0 && end > text_end) *at++ = '\n';
    return at;
}

}  // namespace seamark::plan
