// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace seamark::lab {

/// A network card whose packets are taken and given by a program: one end of the forwarder's cable.
/// What is taken waits in memory shared with the kernel (TPACKET_V2). A packet here is a virtio
/// header, which shows of its unfinished checksum and how it is to be cut, and the Ethernet frame.
/// Opened in the network namespace that the calling thread is in.
class CableEnd {
  public:
    static constexpr std::size_t header_size = 10;  ///< virtio_net_hdr

    /// Throws std::system_error.
    explicit CableEnd(const std::string& card);
    ~CableEnd();
    CableEnd(const CableEnd&) = delete;
    CableEnd& operator=(const CableEnd&) = delete;

    int descriptor() const { return socket_; }

    /// Gives `take` what came in and waits; the bytes are valid during the call only.
    void drain(const std::function<void(std::span<const std::uint8_t>)>& take);

    /// Sends a packet out. What the card will not take is lost, as on a wire.
    void send(std::span<const std::uint8_t> packet);

    std::uint64_t dropped();  ///< so far, for want of room

  private:
    int socket_ = -1;
    std::uint8_t* memory_ = nullptr;
    std::size_t next_ = 0;
    std::uint64_t dropped_ = 0;
};

/// True if the frame carries bytes of TCP over IPv4.
bool has_tcp_data(std::span<const std::uint8_t> frame);

}  // namespace seamark::lab
