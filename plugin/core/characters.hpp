// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace seamark {

/// tchar of RFC 9110 section 5.6.2.
constexpr bool is_token_char(unsigned char c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

constexpr bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_blank(unsigned char c) {
    return c == ' ' || c == '\t';
}

/// A control character that RFC 9110 section 5.5 allows in no field value (HTAB is allowed).
constexpr bool is_forbidden_control(unsigned char c) {
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

/// Value of a hexadecimal digit, or -1.
constexpr int hex_value(unsigned char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Without the blanks (OWS, RFC 9110 section 5.6.3) at both ends.
constexpr std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.front())))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(static_cast<unsigned char>(text.back())))
        text.remove_suffix(1);
    return text;
}

/// Equal but for the case of ASCII letters.
constexpr bool same_word(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

/// Calls visit(element) for each element of a comma-separated list, trimmed, empty ones left out
/// (RFC 9110 section 5.6.1.2).
template <typename Visit>
constexpr void each_list_element(std::string_view list, Visit visit) {
    while (true) {
        const auto comma = list.find(',');
        const auto element = trim(list.substr(0, comma));
        if (!element.empty()) visit(element);
        if (comma == std::string_view::npos) return;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace seamark
