// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/escaped.hpp"

namespace seamark::plan {
namespace {

void put_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 0x0fU];
}

/// Bytes of the UTF-8 sequence that `text` begins with (RFC 3629, section 4), 0 if it begins with
/// none, or with a control character of two bytes (U+0080 to U+009F).
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = at(0);
    const std::size_t length = first < 0xc2   ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0U) != 0x80) return 0;
    const bool is_overlong = (first == 0xe0 && at(1) < 0xa0) || (first == 0xf0 && at(1) < 0x90);
    const bool is_no_character = (first == 0xed && at(1) > 0x9f) || (first == 0xf4 && at(1) > 0x8f);
    const bool is_control = first == 0xc2 && at(1) < 0xa0;
    return is_overlong || is_no_character || is_control ? 0 : length;
}

}  // namespace

std::string escaped(std::string_view text, std::size_t limit) {
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            put_hex(out, byte);
        }
    }
    if (text.size() > limit) out += "...";
    return out;
}

std::string in_quotes(std::string_view text, std::size_t limit) {
    return '"' + escaped(text, limit) + '"';
}

std::string printable(std::string_view text, bool lines) {
    std::string out;
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text[0]);
        const bool is_ascii = (byte >= 0x20 && byte < 0x7f) || (lines && byte == '\n');
        const std::size_t length = is_ascii ? 1 : sequence_length(text);
        if (length > 0)
            out += text.substr(0, length);
        else
            put_hex(out, byte);
        text.remove_prefix(length > 0 ? length : 1);
    }
    return out;
}

}  // namespace seamark::plan
