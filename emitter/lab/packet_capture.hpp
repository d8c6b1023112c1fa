// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace seamark::lab {

/// Captures what goes over one network card, into memory shared with the kernel (AF_PACKET with
/// TPACKET_V3), so that a burst of tens of MB waits there. Opened in the network namespace that the
/// calling thread is in; used in any.
class PacketCapture {
  public:
    struct Packet {
        std::int64_t time = 0;  ///< ns since 1970
        std::span<const std::uint8_t> bytes;
        std::size_t original_size = 0;
        bool outgoing = false;
    };
    struct Count {
        std::uint64_t received = 0;  ///< with those dropped
        std::uint64_t dropped = 0;   ///< for want of room
    };

    /// On lo each packet would come twice, so that there only the incoming ones are taken. `memory`
    /// is in bytes. Throws std::system_error.
    PacketCapture(const std::string& card, std::size_t memory);
    ~PacketCapture();
    PacketCapture(const PacketCapture&) = delete;
    PacketCapture& operator=(const PacketCapture&) = delete;

    int descriptor() const { return socket_; }  ///< readable when packets wait

    /// Gives `take` what waits; the bytes are valid during the call only. At most one round of the
    /// memory, so that it comes back. A packet appears here some ms after it was sent.
    void drain(const std::function<void(const Packet&)>& take);

    Count count();  ///< so far

  private:
    int socket_ = -1;
    std::uint8_t* memory_ = nullptr;
    std::size_t blocks_ = 0;
    std::size_t next_ = 0;
    Count count_;
};

}  // namespace seamark::lab
