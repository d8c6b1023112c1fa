// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/port_filter.hpp"

namespace seamark::lab {

bool is_of_port(std::span<const std::uint8_t> frame, std::uint16_t port) {
    constexpr std::size_t ip = 14;
    constexpr std::uint8_t tcp = 6;
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint16_t>(frame[at] << 8 | frame[at + 1]);
    };
    if (frame.size() < ip + 20) return false;
    std::size_t at = 0;
    std::uint8_t protocol = 0;
    if (number(12) == 0x0800) {
        at = ip + (frame[ip] & 15U) * std::size_t{4};
        protocol = frame[ip + 9];
    } else if (number(12) == 0x86dd) {
        at = ip + 40;
        protocol = frame[ip + 6];
    }
    if (protocol != tcp || frame.size() < at + 4) return false;
    return number(at) == port || number(at + 2) == port;
}

}  // namespace seamark::lab
