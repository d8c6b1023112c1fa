// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/feeder.hpp"
#include "support/recorded_call.hpp"

namespace seamark::test {

/// A head of 47 bytes, and two corked writes of 10 bytes that left as one segment, with the
/// kernel's state behind each. Returns the segment's frame, 2; events are in frames 81 to 83.
inline unsigned feed_corked(Feeder& feeder) {
    feeder.server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const unsigned frame = feeder.server("5\r\nhello\r\n5\r\nworld\r\n");
    const auto write = [&](std::uint64_t index, std::uint64_t offset, std::uint64_t taken,
                           std::uint32_t flags, std::uint32_t not_sent) {
        IoEvent event = recorded_call(EventKind::kWrite, index, offset, taken);
        event.flags |= EventFlags::kOptionsKnown | flags;
        KernelState state;
        state.cwnd = 10;
        state.mss = 1460;
        state.peer_window = 65535;
        state.send_buffer = 87040;
        state.pacing_rate = KernelState::kUnlimited;
        state.not_sent = state.queued = not_sent;
        event.state = state;
        event.congestion = "cubic";
        feeder.connection().add_event(kServer, event,
                                      FrameNumber{static_cast<unsigned>(80 + index)});
    };
    write(1, 0, 47, 0, 0);
    write(2, 47, 10, EventFlags::kCork, 10);
    write(3, 57, 10, EventFlags::kCork, 0);
    return frame;
}

}  // namespace seamark::test
