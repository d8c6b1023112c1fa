// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/tls/record.hpp"

/// TLS as bytes: what a test sends, made by hand.
namespace seamark::test {

inline std::string number(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
}
/// A vector with its length in front.
inline std::string prefixed(int bytes, const std::string& content) {
    return number(content.size(), bytes) + content;
}

/// A record header that says a length, without what follows it.
inline std::string record_header(RecordType type, std::uint16_t length, std::uint8_t minor = 3) {
    return number(static_cast<std::uint8_t>(type), 1) + number(0x0300U + minor, 2) +
           number(length, 2);
}
inline std::string record(RecordType type, const std::string& body, std::uint8_t minor = 3) {
    return record_header(type, static_cast<std::uint16_t>(body.size()), minor) + body;
}
/// Encrypted data of a length.
inline std::string sealed(std::size_t length) {
    return record(RecordType::kApplicationData, std::string(length, '\xa5'));
}

inline std::string alpn(std::initializer_list<std::string_view> protocols) {
    std::string list;
    for (const std::string_view name : protocols) list += prefixed(1, std::string(name));
    return number(16, 2) + prefixed(2, prefixed(2, list));
}

/// A ClientHello of TLS 1.3 that offers protocols.
inline std::string client_hello_message(std::initializer_list<std::string_view> protocols = {
                                            "h2", "http/1.1"}) {
    const std::string versions =
        number(43, 2) + prefixed(2, prefixed(1, "\x2a\x2a\x03\x04\x03\x03"));
    const std::string body = number(0x0303, 2) + std::string(32, 'r') + prefixed(1, "") +
                             prefixed(2, "\x13\x01") + prefixed(1, std::string(1, '\0')) +
                             prefixed(2, versions + alpn(protocols));
    return "\x01" + prefixed(3, body);
}
/// A ServerHello; protocol: what it chooses, in clear, as up to TLS 1.2.
inline std::string server_hello_message(std::uint16_t version, std::string_view protocol = {}) {
    std::string extensions;
    if (version >= 0x0304) extensions += number(43, 2) + prefixed(2, number(version, 2));
    if (!protocol.empty()) extensions += alpn({protocol});
    const std::string body = number(version >= 0x0304 ? 0x0303 : version, 2) +
                             std::string(32, 's') + prefixed(1, "") + "\x13\x01" +
                             std::string(1, '\0') + prefixed(2, extensions);
    return "\x02" + prefixed(3, body);
}
inline std::string client_hello() {
    return record(RecordType::kHandshake, client_hello_message(), 1);
}
inline std::string server_hello(std::uint16_t version = 0x0304, std::string_view protocol = {}) {
    return record(RecordType::kHandshake, server_hello_message(version, protocol));
}

}  // namespace seamark::test
