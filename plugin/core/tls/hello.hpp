// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seamark {

/// What a ClientHello or a ServerHello says of what follows (RFC 8446 section 4.1, RFC 7301).
/// Nothing in it is secret.
struct TlsHello {
    bool client = false;
    /// Of a server: what it chose. Of a client: the highest that it offers.
    std::uint16_t version = 0;
    /// Application protocols, bytes as the peer wrote them. Of a client: those it offers; of a
    /// server: the one it chose, which TLS 1.3 encrypts.
    std::vector<std::string> protocols;

    bool names(std::string_view protocol) const;
};

/// "TLS 1.3"; "TLS" where the number is none that is known.
std::string_view version_name(std::uint16_t version);

/// Reads a handshake message without its header. type: 1, ClientHello, or 2, ServerHello. Empty
/// where it is malformed: nothing is said of it then.
std::optional<TlsHello> parse_hello(std::uint8_t type, std::span<const std::uint8_t> body);

}  // namespace seamark
