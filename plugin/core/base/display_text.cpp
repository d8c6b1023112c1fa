// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/display_text.hpp"

#include <cstdint>

#include "core/base/printable.hpp"

namespace seamark {
namespace {

/// A character at the front of some bytes; length 0: they begin with no valid UTF-8.
struct Character {
    std::uint32_t code = 0;
    std::size_t length = 0;
};

unsigned char byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// RFC 3629 section 4: no overlong form, no surrogate, nothing above U+10FFFF. Precondition: bytes
/// is not empty.
Character first_character(std::string_view bytes) {
    const unsigned char lead = byte_at(bytes, 0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xc2 || lead > 0xf4) return {};
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (bytes.size() < length) return {};
    std::uint32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(bytes, i) & 0xc0U) != 0x80) return {};
        code = code << 6 | (byte_at(bytes, i) & 0x3fU);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
    return {code, length};
}

bool turns_direction(std::uint32_t code) {
    return code == 0x061c || code == 0x200e || code == 0x200f ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

bool is_no_character(std::uint32_t code) {
    return (code & 0xfffeU) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef);
}

bool is_harmless(std::uint32_t code) {
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return false;
    if (code == 0x2028 || code == 0x2029 || code == 0xfeff) return false;
    return !turns_direction(code) && !is_no_character(code);
}

/// Length of the harmless text at the front. Most text is printable ASCII throughout.
std::size_t harmless_run(std::string_view bytes) {
    std::size_t at = printable_run(bytes);
    while (at < bytes.size()) {
        const Character character = first_character(bytes.substr(at));
        if (character.length == 0 || !is_harmless(character.code)) break;
        at += character.length;
        at += printable_run(bytes.substr(at));
    }
    return at;
}

/// At most so many bytes from the front, without the beginning of a character at their end.
std::string_view front_of(std::string_view bytes, std::size_t most) {
    if (bytes.size() <= most) return bytes;
    constexpr std::size_t kLongest = 4;
    for (std::size_t back = 1; back < kLongest && back <= most; ++back)
        if (first_character(bytes.substr(most - back)).length > back)
            return bytes.substr(0, most - back);
    return bytes.substr(0, most);
}

}  // namespace

DisplayEscaper::DisplayEscaper(std::string_view bytes, std::size_t most)
    : rest_(front_of(bytes, most)), cut_(bytes.size() > most) {}

std::string_view DisplayEscaper::next() {
    if (const std::size_t run = harmless_run(rest_)) {
        const std::string_view piece = rest_.substr(0, run);
        rest_.remove_prefix(run);
        return piece;
    }
    if (rest_.empty()) return std::exchange(cut_, false) ? "…" : std::string_view{};
    const Character character = first_character(rest_);
    const std::uint32_t code = character.length > 0 ? character.code : byte_at(rest_, 0);
    rest_.remove_prefix(character.length > 0 ? character.length : 1);
    escape_[0] = '\\';
    if (code == '\t' || code == '\n' || code == '\r') {
        escape_[1] = code == '\t' ? 't' : code == '\n' ? 'n' : 'r';
        return {escape_, 2};
    }
    // A lone byte is distinguished from the character of the same number by its letter.
    const bool byte = character.length < 2;
    const std::size_t digits = byte ? 2 : code <= 0xffff ? 4 : 8;
    escape_[1] = byte ? 'x' : digits == 4 ? 'u' : 'U';
    for (std::size_t i = 0; i < digits; ++i)
        escape_[2 + i] = "0123456789abcdef"[code >> (4 * (digits - 1 - i)) & 15U];
    return {escape_, 2 + digits};
}

DisplayText DisplayText::of(std::string_view bytes, std::size_t most) {
    std::string text;
    DisplayEscaper escaper(bytes, most);
    for (auto piece = escaper.next(); !piece.empty(); piece = escaper.next()) text += piece;
    return DisplayText(std::move(text));
}

}  // namespace seamark
