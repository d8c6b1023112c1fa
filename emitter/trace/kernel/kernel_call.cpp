// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/kernel_call.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "trace/kernel/syscall_numbers.h"

namespace seamark::trace::kernel {
namespace {

constexpr std::uint32_t kNoLimit = std::numeric_limits<std::uint32_t>::max();

template <std::size_t kSize>
std::string text_of(const char (&text)[kSize]) {
    return std::string(text, std::find(text, text + kSize, '\0'));
}

std::uint32_t microseconds(std::uint32_t jiffies, unsigned hertz) {
    const std::uint64_t time = std::uint64_t{jiffies} * 1'000'000 / hertz;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(time, kNoLimit));
}

/// A rate as the kernel has it: all ones are no limit, whatever the width of its number.
std::uint64_t rate_of(std::uint64_t rate) {
    constexpr auto kNone = std::numeric_limits<std::uint64_t>::max();
    return rate == kNoLimit ? kNone : rate;
}

KernelState send_state(const seamark_kernel_state& from, unsigned hertz) {
    KernelState state;
    const std::uint32_t gone = from.sacked_out + from.lost_out;
    const std::uint64_t rate = rate_of(from.pacing_rate);
    state.cwnd = from.cwnd;
    state.unacked = from.packets_out;
    state.mss = from.mss;
    state.peer_window = from.peer_window;
    state.rtt_us = from.rtt_us_8 / 8;
    state.queued = from.not_acknowledged;
    state.not_sent = from.not_sent;
    state.retransmits = from.retransmits;
    state.in_flight = (from.packets_out > gone ? from.packets_out - gone : 0) + from.retrans_out;
    // The socket itself counts as one.
    state.device_memory = from.device_memory > 0 ? from.device_memory - 1 : 0;
    state.queue_memory = from.queue_memory;
    state.send_buffer = from.send_buffer;
    state.pacing_rate =
        static_cast<std::uint32_t>(rate == std::numeric_limits<std::uint64_t>::max()
                                       ? kNoLimit
                                       : std::min<std::uint64_t>(rate / 1024, kNoLimit));
    state.rwnd_limited = microseconds(from.rwnd_limited, hertz);
    state.sndbuf_limited = microseconds(from.sndbuf_limited, hertz);
    state.recovery = from.recovery;
    return state;
}

}  // namespace

Call call_of(const seamark_kernel_event& event) {
    if ((event.facts & SEAMARK_KERNEL_WORKER) != 0) return Call::kIoUring;
    switch (event.system_call) {
        case SEAMARK_SYS_READ:
            return Call::kRead;
        case SEAMARK_SYS_WRITE:
            return Call::kWrite;
        case SEAMARK_SYS_CLOSE:
            return Call::kClose;
        case SEAMARK_SYS_READV:
        case SEAMARK_SYS_PREADV:
        case SEAMARK_SYS_PREADV2:
            return Call::kReadv;
        case SEAMARK_SYS_WRITEV:
            return Call::kWritev;
        case SEAMARK_SYS_PWRITEV:
        case SEAMARK_SYS_PWRITEV2:
            return Call::kPwritev;
        case SEAMARK_SYS_SENDFILE:
            return Call::kSendfile;
        case SEAMARK_SYS_SPLICE:
            return Call::kSplice;
        case SEAMARK_SYS_SENDTO:
            return Call::kSendto;
        case SEAMARK_SYS_RECVFROM:
            return Call::kRecvfrom;
        case SEAMARK_SYS_SENDMSG:
            return Call::kSendmsg;
        case SEAMARK_SYS_RECVMSG:
            return Call::kRecvmsg;
        case SEAMARK_SYS_SENDMMSG:
            return Call::kSendmmsg;
        case SEAMARK_SYS_RECVMMSG:
            return Call::kRecvmmsg;
        case SEAMARK_SYS_SHUTDOWN:
            return Call::kShutdown;
        case SEAMARK_SYS_IO_URING_ENTER:
            return Call::kIoUring;
        default:
            return Call::kUnknown;
    }
}

bool is_made_of_pieces(Call call) {
    return call == Call::kSendfile || call == Call::kSplice;
}

IoEvent event_of(const seamark_kernel_event& from) {
    IoEvent event;
    const bool write = from.kind == SEAMARK_KERNEL_SENT;
    event.kind = write ? EventKind::kWrite : EventKind::kRead;
    event.call = call_of(from);
    event.recorder = Recorder::kKernel;
    event.returned = from.returned < 0 ? -1 : from.returned;
    event.error = from.returned < 0 ? -from.returned : 0;
    event.requested = from.requested != ~std::uint64_t{0} ? from.requested : event.taken();
    event.descriptor = from.descriptor;
    event.process = from.process;
    event.thread = from.thread;
    event.left = static_cast<std::int64_t>(from.left);
    event.entered = from.entered != 0 ? static_cast<std::int64_t>(from.entered) : event.left;
    event.program = text_of(from.program);
    event.flags = EventFlags::kOptionsKnown;
    if ((from.nonagle & 1) != 0) event.flags |= EventFlags::kNodelay;
    if ((from.nonagle & 2) != 0) event.flags |= EventFlags::kCork;
    if (write && (from.flags & MSG_MORE) != 0) event.flags |= EventFlags::kMore;
    if ((from.facts & SEAMARK_KERNEL_NONBLOCKING) != 0 || (from.flags & MSG_DONTWAIT) != 0)
        event.flags |= EventFlags::kNonblocking;
    event.tcp_state = from.tcp_state;
    return event;
}

void add_state(const seamark_kernel_state& state, unsigned hertz, IoEvent& event) {
    if (event.kind == EventKind::kRead) {
        event.receive_state = {state.unread, state.low_water, state.receive_memory,
                               state.receive_buffer};
        return;
    }
    if (hertz == 0) return;
    event.state = send_state(state, hertz);
    event.pacing = static_cast<Pacing>(state.pacing_status);
    event.pacing_rate = rate_of(state.pacing_rate);
    event.pacing_limit = rate_of(state.pacing_limit);
    event.autocorking = state.autocorking;
    event.congestion = text_of(state.congestion);
}

}  // namespace seamark::trace::kernel
