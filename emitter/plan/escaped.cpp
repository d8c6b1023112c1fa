// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/escaped.hpp"

namespace seamark::plan {

std::string escaped(std::string_view text, std::size_t limit) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            out += "\\x";
            out += digits[byte >> 4U];
            out += digits[byte & 0x0fU];
        }
    }
    if (text.size() > limit) out += "...";
    return out;
}

std::string in_quotes(std::string_view text, std::size_t limit) {
    return '"' + escaped(text, limit) + '"';
}

}  // namespace seamark::plan
