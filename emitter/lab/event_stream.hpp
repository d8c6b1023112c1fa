// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/event/io_event.hpp"

namespace seamark::lab {

/// Reads the packets of a pcapng as it grows, from a pipe that it comes through in pieces of any
/// size. Made for what programs of this machine write: this machine's byte order, and times in ns
/// or µs, which hold for all interfaces. Pure.
class PcapngStream {
  public:
    struct Packet {
        std::int64_t time = 0;  ///< ns
        std::span<const std::uint8_t> bytes;
        std::size_t original_size = 0;
        std::string_view comment;  ///< the first
    };

    /// Is given the lines of a TLS key log, where the programs were asked for them.
    using TakeSecrets = std::function<void(std::string_view lines)>;

    /// Gives `take` each packet that is complete now; what it points to is valid during the call.
    /// Without `secrets` those are dropped. False once the bytes are no pcapng of the kind above;
    /// what follows is ignored then.
    bool feed(std::span<const std::uint8_t> bytes, const std::function<void(const Packet&)>& take,
              const TakeSecrets& secrets = nullptr);

  private:
    bool read_block(std::span<const std::uint8_t> block,
                    const std::function<void(const Packet&)>& take, const TakeSecrets& secrets);

    std::vector<std::uint8_t> waiting_;  ///< less than a block
    std::uint64_t tick_ = 1000;          ///< ns
    bool broken_ = false;
};

/// The event in a write-event packet (docs/event-format.md), empty if there is none.
std::optional<IoEvent> event_in(std::span<const std::uint8_t> packet);

/// The time that an event's packet is to have in a capture that is put in order while it goes on:
/// the entry of the call, but its return where it lasted longer than things are held for.
std::int64_t time_in_capture(const IoEvent& event, std::int64_t hold);

}  // namespace seamark::lab
