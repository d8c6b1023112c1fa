// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace seamark::net {

/// An http or https URL (RFC 9110 section 4.2), taken apart.
struct HttpUrl {
    bool tls = false;          ///< https
    std::string host;          ///< a name or an address; of IPv6 without its brackets
    std::string port = "80";   ///< decimal, 1 to 65535; of https "443"
    std::string target = "/";  ///< path and query, as written
    std::string authority;     ///< for the Host field: as written
};

/// Reads "http[s]://host[:port][/path][?query]"; a fragment is left out, since it is never sent.
/// Empty where it is something else, has user information, or a character that no URL has.
std::optional<HttpUrl> parse_url(std::string_view text);

}  // namespace seamark::net
