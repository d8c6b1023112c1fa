// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/tcp/copy_watch.hpp"
#include "core/tcp/tcp_header.hpp"
#include "platform/wireshark.hpp"

namespace seamark {

/// One TCP segment of the packet under dissection. Lives as long as the packet (pinfo->pool).
struct ObservedSegment {
    ObservedSegment* next;
    ObservedSegment* last;  // of the list, in its first one
    tvbuff_t* tvb;          // from the TCP header on
    address source;
    address destination;
    std::uint16_t source_port;
    std::uint16_t destination_port;
    TcpHeader header;
    PacketOrigin origin;
    std::uint32_t wire_length;      // payload bytes on the wire
    std::uint32_t captured_length;  // those that were captured
    mutable bool recorded;          // record() has seen it
};

}  // namespace seamark
