// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/write_tag.hpp"

#include <charconv>

#include "core/base/characters.hpp"

namespace seamark {
namespace {

constexpr std::uint64_t kWidest = 1024;

std::optional<std::uint64_t> parse_index(std::string_view text) {
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc{} || end != text.data() + text.size() || index == 0) return std::nullopt;
    return index;
}

WriteTag parse_range(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = parse_index(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_index(text.substr(dash + 1));
    if (!first || !last || *last < *first || *last - *first >= kWidest) return {std::nullopt, true};
    return {WriteRange{*first, *last}, false};
}

/// Where the first ';' stands that is in no quoted string (RFC 9110 section 5.6.4).
std::size_t find_separator(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ';' && !quoted) return i;
        if (text[i] == '"') quoted = !quoted;
        if (text[i] == '\\' && quoted) ++i;
    }
    return std::string_view::npos;
}

}  // namespace

WriteTag parse_write_tag(std::string_view extension) {
    // What the emitter writes, by far the most frequent: nothing else in the extension.
    constexpr std::string_view kAlone = ";w=";
    if (extension.starts_with(kAlone) && extension.find(';', 1) == std::string_view::npos)
        return parse_range(trim(extension.substr(kAlone.size())));
    while (!extension.empty()) {
        const auto end = find_separator(extension);
        const auto element = trim(extension.substr(0, end));
        const auto equals = element.find('=');
        if (trim(element.substr(0, equals)) == "w") {
            if (equals == std::string_view::npos) return {std::nullopt, true};
            return parse_range(element.substr(equals + 1));
        }
        if (end == std::string_view::npos) break;
        extension.remove_prefix(end + 1);
    }
    return {};
}

}  // namespace seamark
