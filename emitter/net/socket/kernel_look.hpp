// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/event/io_event.hpp"

/// What the kernel shows of a connected TCP socket, by calls that wait for nothing. Nothing is
/// told (empty) where the kernel does not know the call.
namespace seamark::net {

struct SendLook {
    KernelState state;
    std::optional<std::uint64_t> pacing_limit;  ///< SO_MAX_PACING_RATE, bytes a second
};
std::optional<SendLook> send_state(int socket);
std::optional<ReceiveState> receive_state(int socket);

/// The kernel's own times of what a socket sends (SO_TIMESTAMPING). It keeps one for each packet:
/// of writes that left together only the last has one.
class TransmitStamps {
  public:
    struct Stamp {
        Transmission what;
        std::uint64_t end;   ///< stream offset one past the last byte
        std::int64_t at_ns;  ///< since 1970
    };

    /// Asks for the times of all that is sent from now on. Nothing was sent yet.
    void enable(int socket);
    /// Takes out those that are there. sent: bytes written so far, to follow offsets past 2^32.
    void drain(int socket, std::uint64_t sent, const std::function<void(const Stamp&)>& take);

  private:
    bool enabled_ = false;
};

}  // namespace seamark::net
