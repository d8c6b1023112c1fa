// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/tracked_connection.hpp"

namespace seamark {

SocketAddress endpoint(const address& where, std::uint16_t port) {
    char* text = address_to_str(nullptr, &where);
    SocketAddress result{text, port};
    wmem_free(nullptr, text);
    return result;
}

namespace {

ConnectionEnds ends_of(std::uint32_t number, const EndpointKey& first, const EndpointKey& second) {
    return {
        number, {first.hash_of_address(), second.hash_of_address()}, {first.hash(), second.hash()}};
}

}  // namespace

TrackedConnection::TrackedConnection(std::uint32_t number, const ObservedSegment& seen,
                                     std::int64_t time, WaitingBudget& budget, LegIndex* legs)
    : stream(number),
      first(seen.source, seen.source_port),
      second(seen.destination, seen.destination_port),
      began(time),
      connection(budget, ends_of(number, first, second), legs) {}

Side TrackedConnection::sender(const ObservedSegment& seen) const {
    return first.matches(seen.source, seen.source_port) ? Side::kFirst : Side::kSecond;
}

EndpointKey::EndpointKey(const address& where, std::uint16_t port)
    : type_(where.type), length_(static_cast<std::uint16_t>(where.len)), port_(port) {
    std::copy_n(static_cast<const std::uint8_t*>(where.data), compared(length_), bytes_.begin());
}

SocketAddress EndpointKey::text() const {
    address where;
    set_address(&where, type_, static_cast<int>(compared(length_)), bytes_.data());
    return endpoint(where, port_);
}

}  // namespace seamark
