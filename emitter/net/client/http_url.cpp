// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/http_url.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

#include "plan/number_text.hpp"

namespace seamark::net {
namespace {

bool is_port(std::string_view text) {
    return plan::read_number<std::uint16_t>(text, 1).has_value();
}

}  // namespace

std::optional<HttpUrl> parse_url(std::string_view text) {
    const auto begins_with = [&](std::string_view scheme) {
        return boost::beast::iequals(text.substr(0, scheme.size()), scheme);
    };
    constexpr std::string_view clear = "http://";
    constexpr std::string_view encrypted = "https://";
    const bool tls = begins_with(encrypted);
    if (!tls && !begins_with(clear)) return std::nullopt;
    if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c >= 127; })) {
        return std::nullopt;
    }
    text.remove_prefix(tls ? encrypted.size() : clear.size());
    text = text.substr(0, text.find('#'));

    HttpUrl url;
    url.tls = tls;
    if (tls) url.port = "443";
    std::string_view authority = text.substr(0, text.find_first_of("/?"));
    const std::string_view target = text.substr(authority.size());
    if (!target.empty()) url.target = (target.front() == '/' ? "" : "/") + std::string(target);
    if (authority.find('@') != std::string_view::npos) return std::nullopt;
    url.authority = authority;

    const bool bracket = authority.starts_with('[');
    const auto host_end = bracket ? authority.find(']') : authority.find(':');
    if (bracket && host_end == std::string_view::npos) return std::nullopt;
    url.host = authority.substr(bracket, bracket ? host_end - 1 : host_end);
    if (url.host.empty()) return std::nullopt;
    std::string_view rest;
    if (host_end != std::string_view::npos) rest = authority.substr(host_end + bracket);
    if (rest.empty() || rest == ":") return url;
    if (rest.front() != ':' || !is_port(rest.substr(1))) return std::nullopt;
    url.port = rest.substr(1);
    return url;
}

}  // namespace seamark::net
