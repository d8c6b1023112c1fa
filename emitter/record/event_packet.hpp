// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/event/io_event.hpp"

namespace seamark::record {

/// An address and port of TCP, as they are on the wire: an IPv4 address that a program sees mapped
/// into IPv6 is an IPv4 one here.
struct Endpoint {
    std::array<std::uint8_t, 16> address{};  ///< network order; of IPv4 the first four bytes
    bool ipv6 = false;
    std::uint16_t port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// A connection as the recorded side sees it.
struct Connection {
    Endpoint own;
    Endpoint peer;
    friend bool operator==(const Connection&, const Connection&) = default;
};

/// Appends the bytes of a write-event packet (docs/event-format.md): tags, then the record. With
/// no connection, as for an `end` record, addresses and ports are left out.
void put_event_packet(const Connection* connection, const IoEvent& event,
                      std::vector<std::uint8_t>& out);

}  // namespace seamark::record
