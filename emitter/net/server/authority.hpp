// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace seamark::net {

/// `uri-host [ ":" port ]`, as in the Host field and in an absolute request target (RFC 9110
/// section 7.2, RFC 3986 section 3.2.2). Borrows the text.
struct Authority {
    std::string_view host;    ///< as written; an IP literal without its brackets; may be empty
    bool is_address = false;  ///< an IPv4 address in four decimal parts, or an IPv6 one in brackets
};

/// Reads an authority. Empty on user information, on a port that is not empty or a number up to
/// 65535, and on what no host has. An IPv6 address may have a zone, after "%" or "%25" (RFC 6874).
std::optional<Authority> parse_authority(std::string_view text);

/// The authority of a request target in absolute form, as written ("HOST[:PORT]"); the scheme is
/// http in any case. Empty if the target has another form.
std::optional<std::string_view> authority_of(std::string_view request_target);

/// Labels of letters, digits, "-" and "_", with dots between them, and one at the end if need be.
bool is_host_name(std::string_view text);

}  // namespace seamark::net
