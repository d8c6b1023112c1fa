// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "collect/observed_segment.hpp"
#include "core/base/hash.hpp"
#include "core/base/moment.hpp"
#include "core/proxy/leg_index.hpp"
#include "core/stream/capture_entry.hpp"
#include "core/stream/connection.hpp"

namespace seamark {

/// ns since 1970.
inline std::int64_t nanoseconds(const nstime_t& time) {
    return moment_of(time.secs, time.nsecs);
}

/// Address and port in text.
SocketAddress endpoint(const address& where, std::uint16_t port);

/// One side of a connection, to be compared with what a packet says.
class EndpointKey {
  public:
    EndpointKey() = default;
    EndpointKey(const address& where, std::uint16_t port);
    bool matches(const address& where, std::uint16_t port) const {
        return port == port_ && where.type == type_ && where.len == length_ &&
               std::memcmp(where.data, bytes_.data(), compared(length_)) == 0;
    }
    SocketAddress text() const;
    std::uint64_t hash_of_address() const {
        return hash_text({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()},
                         static_cast<std::uint64_t>(type_));
    }
    /// Of address and port.
    std::uint64_t hash() const { return (hash_of_address() ^ port_) * 0x100000001b3U; }

  private:
    /// No address over which TCP runs is longer than one of IPv6; of a longer one the beginning
    /// counts.
    static std::size_t compared(int length) { return std::min<std::size_t>(length, 16); }

    std::array<std::uint8_t, 16> bytes_{};
    int type_ = AT_NONE;
    std::uint16_t length_ = 0;
    std::uint16_t port_ = 0;
};

/// A TCP connection of the capture, under Wireshark's number for it.
struct TrackedConnection {
    TrackedConnection(std::uint32_t number, const ObservedSegment& seen, std::int64_t time,
                      WaitingBudget& budget, LegIndex* legs);

    /// Which side sent this segment.
    Side sender(const ObservedSegment& seen) const;

    std::uint32_t stream;  // tcp.stream
    EndpointKey first;     // Side::kFirst: the sender of the first segment seen
    EndpointKey second;
    std::int64_t began;  // capture of the first segment seen, ns since 1970
    Connection connection;
    /// No other connection of this process has it, as addresses are used again.
    std::uint64_t serial = next_serial();

  private:
    static std::uint64_t next_serial() {
        static std::uint64_t last = 0;
        return ++last;
    }
};

}  // namespace seamark
