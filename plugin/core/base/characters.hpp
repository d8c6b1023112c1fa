// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace seamark {

namespace detail {

constexpr bool find_token_char(unsigned char c) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

/// Every byte of every size line is asked about: a table costs one load.
inline constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0; c < table.size(); ++c)
        table[c] = find_token_char(static_cast<unsigned char>(c));
    return table;
}();

inline constexpr auto kHexValues = [] {
    std::array<signed char, 256> table{};
    table.fill(-1);
    for (int digit = 0; digit < 16; ++digit) {
        table[static_cast<unsigned char>("0123456789abcdef"[digit])] =
            static_cast<signed char>(digit);
        table[static_cast<unsigned char>("0123456789ABCDEF"[digit])] =
            static_cast<signed char>(digit);
    }
    return table;
}();

}  // namespace detail

/// tchar of RFC 9110 section 5.6.2.
constexpr bool is_token_char(unsigned char c) {
    return detail::kTokenChars[c];
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
    return detail::kHexValues[c];
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
