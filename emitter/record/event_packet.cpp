// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event_packet.hpp"

#include <span>
#include <string_view>

namespace seamark::record {
namespace {

/// Tags of Wireshark's upper-PDU link type.
enum class Tag : std::uint16_t {
    end = 0,
    dissector = 12,
    ipv4_source = 20,
    ipv4_destination = 21,
    ipv6_source = 22,
    ipv6_destination = 23,
    port_type = 24,
    source_port = 25,
    destination_port = 26,
};

constexpr std::string_view dissector = "seamark";
constexpr std::uint32_t port_type_tcp = 2;

void put_16(std::vector<std::uint8_t>& out, std::size_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}

/// The length of a tag counts its padding: readers go on right behind so many bytes.
void put_tag(std::vector<std::uint8_t>& out, Tag tag, std::span<const std::uint8_t> value) {
    put_16(out, static_cast<std::uint16_t>(tag));
    const std::size_t padding = (4 - value.size() % 4) % 4;
    put_16(out, value.size() + padding);
    out.insert(out.end(), value.begin(), value.end());
    out.insert(out.end(), padding, 0);
}

void put_number(std::vector<std::uint8_t>& out, Tag tag, std::uint32_t value) {
    const std::array<std::uint8_t, 4> bytes{
        static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
        static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    put_tag(out, tag, bytes);
}

void put_address(std::vector<std::uint8_t>& out, Tag ipv4, Tag ipv6, const Endpoint& endpoint) {
    const std::span<const std::uint8_t> address(endpoint.address);
    put_tag(out, endpoint.ipv6 ? ipv6 : ipv4, address.first(endpoint.ipv6 ? 16 : 4));
}

}  // namespace

void put_event_packet(const Connection* connection, const IoEvent& event,
                      std::vector<std::uint8_t>& out) {
    put_tag(out, Tag::dissector,
            {reinterpret_cast<const std::uint8_t*>(dissector.data()), dissector.size()});
    if (connection) {
        put_address(out, Tag::ipv4_source, Tag::ipv6_source, connection->own);
        put_address(out, Tag::ipv4_destination, Tag::ipv6_destination, connection->peer);
        put_number(out, Tag::port_type, port_type_tcp);
        put_number(out, Tag::source_port, connection->own.port);
        put_number(out, Tag::destination_port, connection->peer.port);
    }
    put_tag(out, Tag::end, {});
    encode(event, out);
}

}  // namespace seamark::record
