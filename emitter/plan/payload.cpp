// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/payload.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

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

/// Bytes [from, to) of the alphabet without end.
void append_letters(std::string& out, std::uint64_t from, std::uint64_t to) {
    while (from < to) {
        const std::uint64_t start = from % letters;
        const std::uint64_t length = std::min<std::uint64_t>(block_size - start, to - from);
        out.append(block.data() + start, length);
        from += length;
    }
}

}  // namespace

void append_payload(std::string& out, std::uint64_t number, std::uint64_t size,
                    std::uint64_t offset, std::uint64_t length) {
    std::array<char, 21> front;
    char* front_end = std::to_chars(front.data(), front.data() + front.size() - 1, number).ptr;
    *front_end++ = ' ';
    const auto front_size = static_cast<std::uint64_t>(front_end - front.data());

    const std::uint64_t end = offset + length;
    const std::uint64_t text_end = std::min(end, size > 1 ? size - 1 : size);
    std::uint64_t at = offset;
    if (at < front_size && at < text_end) {
        const std::uint64_t stop = std::min(front_size, text_end);
        out.append(front.data() + at, stop - at);
        at = stop;
    }
    if (at < text_end) append_letters(out, at - front_size, text_end - front_size);
    if (length > 0 && end > text_end) out += '\n';
}

}  // namespace seamark::plan
