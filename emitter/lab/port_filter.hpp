// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace seamark::lab {

/// True if the Ethernet frame carries TCP from or to that port, over IPv4 or IPv6 (without
/// extension headers). Of IP fragments only the first is known. Pure.
bool is_of_port(std::span<const std::uint8_t> frame, std::uint16_t port);

}  // namespace seamark::lab
