// SPDX-License-Identifier: GPL-2.0-or-later
//
// By hand, because Boost.URL is header-only up to Boost 1.81 and no further, and nothing else here
// needs a compiled Boost library.
#include "net/request_target.hpp"

#include <charconv>

namespace seamark::net {
namespace {

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const std::string_view digits = text.substr(i + 1, 2);
        unsigned char byte = 0;
        const char* const end = digits.data() + digits.size();
        const auto [rest, error] = std::from_chars(digits.data(), end, byte, 16);
        if (digits.size() != 2 || error != std::errc{} || rest != end) return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

/// Cuts the scheme and the authority off an absolute form.
std::string_view origin_form(std::string_view target) {
    if (target.starts_with('/')) return target;
    const auto authority = target.find("://");
    if (authority == std::string_view::npos) return {};
    const auto path = target.find_first_of("/?", authority + 3);
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

std::optional<RequestTarget> split_target(std::string_view target) {
    const std::string_view origin = origin_form(target);
    if (origin.empty()) return std::nullopt;

    const auto mark = origin.find('?');
    RequestTarget result;
    auto path = percent_decoded(origin.substr(0, mark), false);
    if (!path) return std::nullopt;
    result.path = path->empty() ? "/" : *std::move(path);
    if (mark == std::string_view::npos) return result;

    std::string_view rest = origin.substr(mark + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = percent_decoded(pair.substr(0, equals), true);
        auto value = percent_decoded(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!name || !value) return std::nullopt;
        result.query.push_back({*std::move(name), *std::move(value)});
    }
    return result;
}

}  // namespace seamark::net
