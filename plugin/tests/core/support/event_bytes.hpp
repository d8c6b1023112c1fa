// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/event/io_event.hpp"

/// Event records as bytes written by hand.
namespace seamark::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes encoded(const IoEvent& event) {
    Bytes bytes;
    encode(event, bytes);
    return bytes;
}

/// Bytes of hexadecimal text; what follows a '#' up to the line's end is a remark.
inline Bytes from_hex(std::string_view text) {
    Bytes bytes;
    int digits = 0;
    bool remark = false;
    for (const char c : text) {
        remark = c == '#' || (remark && c != '\n');
        if (remark || c == ' ' || c == '\n') continue;
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        if (digits++ % 2 == 0)
            bytes.push_back(static_cast<std::uint8_t>(digit << 4));
        else
            bytes.back() |= static_cast<std::uint8_t>(digit);
    }
    return bytes;
}

/// A record of `seamark trace --record state` of the first release: test-captures/labs/flask32.
inline constexpr std::string_view kFirstRelease = R"(
    01                        # version
    01                        # kind: write
    00 54                     # length of the fixed part: 84
    00 00 00 79               # flags: NODELAY, known, offset known, non-blocking, connected
    00 00 00 00 00 00 00 01   # index
    00 00 00 00 00 00 00 00   # offset
    00 00 00 00 00 00 00 4e   # asked: 78
    00 00 00 00 00 00 00 4e   # taken: 78
    18 eb 1f 74 ed ce 4a 65   # entry
    18 eb 1f 74 ed ce 88 0c   # return, 15,783 ns later
    00 00 00 00               # errno
    00 00 00 06               # descriptor
    00 00 00 2f               # process
    00 00 00 2f               # thread
    00 00 00 01               # connection
    00 01                     # call: send
    02                        # recorder: an interposed library
    00                        # of a kernel timestamp
    00 00 00 00               # of an option: level, name
    00 01 00 40               # kernel state, 64 bytes
    00 00 00 0a               # cwnd: 10 packets
    00 00 00 00               # unacked
    00 00 80 00               # MSS: 32,768
    00 01 00 00               # peer's window: 65,536
    00 00 00 20               # smoothed round-trip time: 32 us
    00 00 00 00 00 00 00 00   # not acknowledged, not sent
    00 00 00 00               # retransmissions
    00 00 00 00               # packets in flight
    00 00 00 00 00 00 00 00   # memory below TCP, and of all that is queued
    00 28 14 00               # its limit: 2,626,560
    01 2a 2f e0               # pacing rate: 19,541,984 KiB a second
    00 00 00 00 00 00 00 00   # us that the peer's window and the send buffer held data
    00 00 00 00               # recovery
    00 02 00 04 63 75 72 6c   # program: curl
    00 03 00 05 63 75 62 69 63 00 00 00  # congestion control: cubic
)";

inline IoEvent first_release() {
    IoEvent event;
    event.kind = EventKind::kWrite;
    event.call = Call::kSend;
    event.recorder = Recorder::kInterposed;
    event.flags = EventFlags::kNodelay | EventFlags::kOptionsKnown | EventFlags::kOffsetKnown |
                  EventFlags::kNonblocking | EventFlags::kClient;
    event.index = 1;
    event.requested = 78;
    event.returned = 78;
    event.entered = 0x18eb1f74edce4a65;
    event.left = event.entered + 15'783;
    event.descriptor = 6;
    event.process = event.thread = 47;
    event.connection = 1;
    event.state = KernelState{.cwnd = 10,
                              .mss = 32'768,
                              .peer_window = 65'536,
                              .rtt_us = 32,
                              .send_buffer = 2'626'560,
                              .pacing_rate = 19'541'984};
    event.program = "curl";
    event.congestion = "cubic";
    return event;
}

/// That record without its optional fields.
inline Bytes fixed_part() {
    Bytes bytes = from_hex(kFirstRelease);
    bytes.resize(84);
    return bytes;
}

}  // namespace seamark::test
