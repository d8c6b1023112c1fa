// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event_packet.hpp"

#include <span>
#include <string_view>

namespace seamark::record {
namespace {

/// One of SEAMARK_PDU_…
using Tag = std::uint16_t;

constexpr std::string_view dissector = SEAMARK_PDU_DISSECTOR_NAME;

void put_16(std::vector<std::uint8_t>& out, std::size_t value) {
    std::array<std::uint8_t, 2> bytes;
    seamark_store(bytes.data(), bytes.size(), value);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// The length of a tag counts its padding: readers go on right after so many bytes.
void put_tag(std::vector<std::uint8_t>& out, Tag tag, std::span<const std::uint8_t> value) {
    put_16(out, tag);
    const std::size_t padding = seamark_padding(value.size());
    put_16(out, value.size() + padding);
    out.insert(out.end(), value.begin(), value.end());
    out.insert(out.end(), padding, 0);
}

void put_number(std::vector<std::uint8_t>& out, Tag tag, std::uint32_t value) {
    std::array<std::uint8_t, 4> bytes;
    seamark_store(bytes.data(), bytes.size(), value);
    put_tag(out, tag, bytes);
}

void put_address(std::vector<std::uint8_t>& out, Tag ipv4, Tag ipv6, const Endpoint& endpoint) {
    const std::span<const std::uint8_t> address(endpoint.address);
    put_tag(out, endpoint.ipv6 ? ipv6 : ipv4, address.first(endpoint.ipv6 ? 16 : 4));
}

}  // namespace

void put_event_packet(const Connection* connection, const IoEvent& event,
                      std::vector<std::uint8_t>& out) {
    put_tag(out, SEAMARK_PDU_DISSECTOR,
            {reinterpret_cast<const std::uint8_t*>(dissector.data()), dissector.size()});
    if (connection) {
        put_address(out, SEAMARK_PDU_IPV4_SOURCE, SEAMARK_PDU_IPV6_SOURCE, connection->own);
        put_address(out, SEAMARK_PDU_IPV4_DESTINATION, SEAMARK_PDU_IPV6_DESTINATION,
                    connection->peer);
        put_number(out, SEAMARK_PDU_PORT_TYPE, SEAMARK_PDU_PORT_TYPE_TCP);
        put_number(out, SEAMARK_PDU_SOURCE_PORT, connection->own.port);
        put_number(out, SEAMARK_PDU_DESTINATION_PORT, connection->peer.port);
    }
    put_tag(out, SEAMARK_PDU_END, {});
    encode(event, out);
}

}  // namespace seamark::record
