// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/authority.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <cstdint>
#include <string>

#include "plan/number_text.hpp"

namespace seamark::net {
namespace {

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// *( unreserved / pct-encoded / sub-delims )
bool is_reg_name(std::string_view text) {
    constexpr std::string_view sub_delims = "!$&'()*+,;=";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_unreserved(text[i]) || sub_delims.find(text[i]) != std::string_view::npos) continue;
        if (text[i] != '%' || i + 2 >= text.size() || !is_hex(text[i + 1]) ||
            !is_hex(text[i + 2])) {
            return false;
        }
        i += 2;
    }
    return true;
}

bool is_port(std::string_view text) {
    return text.empty() || plan::read_number<std::uint16_t>(text);
}

bool reads_as(int family, std::string_view text) {
    in6_addr address{};
    return ::inet_pton(family, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6(std::string_view text) {
    const auto percent = text.find('%');
    if (!reads_as(AF_INET6, text.substr(0, percent))) return false;
    if (percent == std::string_view::npos) return true;
    const std::string_view zone = text.substr(percent + 1);
    return zone != "25" && !zone.empty() && std::ranges::all_of(zone, is_unreserved);
}

}  // namespace

std::optional<Authority> parse_authority(std::string_view text) {
    Authority result;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return std::nullopt;
        result = {.host = text.substr(1, close - 1), .is_address = true};
        if (!is_ipv6(result.host)) return std::nullopt;
        text.remove_prefix(close + 1);
        if (!text.empty() && text.front() != ':') return std::nullopt;
    } else {
        result.host = text.substr(0, text.find(':'));
        if (!is_reg_name(result.host)) return std::nullopt;
        result.is_address = reads_as(AF_INET, result.host);
        text.remove_prefix(result.host.size());
    }
    if (!text.empty() && !is_port(text.substr(1))) return std::nullopt;
    return result;
}

std::optional<std::string_view> authority_of(std::string_view request_target) {
    constexpr std::string_view scheme = "http://";
    if (!boost::beast::iequals(request_target.substr(0, scheme.size()), scheme)) {
        return std::nullopt;
    }
    request_target.remove_prefix(scheme.size());
    return request_target.substr(0, request_target.find_first_of("/?"));
}

bool is_host_name(std::string_view text) {
    const auto is_label_char = [](char c) { return is_unreserved(c) && c != '.' && c != '~'; };
    if (text.ends_with('.')) text.remove_suffix(1);
    return !text.empty() && !text.starts_with('.') && !text.ends_with('.') &&
           text.find("..") == std::string_view::npos &&
           std::ranges::all_of(text, [&](char c) { return c == '.' || is_label_char(c); });
}

}  // namespace seamark::net
