// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/base/byte_range.hpp"

namespace seamark {

/// The parts of a TCP header that the lanes need (RFC 9293 section 3.1).
struct TcpHeader {
    RawSequence sequence{};
    RawSequence acknowledged{};  // with ack
    std::uint16_t window = 0;    // as it stands there, not scaled
    bool ack = false;
    bool psh = false;
    bool syn = false;
    bool fin = false;
    bool rst = false;
    bool multipath = false;   // an MPTCP option that opens, joins or maps data (RFC 8684 section 3)
    std::uint8_t length = 0;  // bytes, options included
    std::uint8_t options_length = 0;             // bytes
    std::optional<std::uint16_t> announced_mss;  // MSS option, on a SYN
    std::optional<std::uint8_t> window_scale;    // on a SYN (RFC 7323 section 2.2), at most 14
    std::uint32_t sacked = 0;  // bytes that SACK blocks cover (RFC 2018 section 3)
};

/// Reads a header from the first captured bytes of a segment; empty when they hold no whole fixed
/// part or a data offset below 5. Options that the snap length cut are treated as absent.
std::optional<TcpHeader> parse_tcp_header(std::span<const std::uint8_t> bytes);

}  // namespace seamark
