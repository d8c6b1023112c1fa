// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/call_assembler.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "trace/kernel/kernel_call.hpp"

namespace seamark::trace::kernel {
namespace {

constexpr std::size_t kMostThreads = 65536;

/// An IPv4 address that a socket of IPv6 has is one on the wire.
void put_address(const std::uint8_t (&from)[16], bool is_mapped, std::uint8_t (&to)[16]) {
    if (is_mapped)
        std::memcpy(to, from + 12, 4);
    else
        std::memcpy(to, from, 16);
}

bool is_mapped(const std::uint8_t (&address)[16]) {
    constexpr std::uint8_t kPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::memcmp(address, kPrefix, sizeof kPrefix) == 0;
}

seamark_addresses addresses_of(const seamark_kernel_event& event) {
    seamark_addresses to{};
    const bool mapped = event.family == 6 && is_mapped(event.remote);
    put_address(event.local, mapped, to.local);
    put_address(event.remote, mapped, to.remote);
    to.local_port = event.local_port;
    to.remote_port = event.remote_port;
    to.family = mapped ? 4 : event.family;
    return to;
}

}  // namespace

void CallAssembler::add(const seamark_kernel_event& record, const seamark_kernel_state* state,
                        unsigned hertz) {
    if ((record.facts & SEAMARK_KERNEL_MPTCP) != 0) {
        ++multipath_;
        return;
    }
    if (record.kind == SEAMARK_KERNEL_SENT_AGAIN) {
        note_sent_again(record);
        return;
    }
    Socket& socket = socket_of(record);
    const auto left = static_cast<std::int64_t>(record.left);
    if (record.kind == SEAMARK_KERNEL_OPENED) {
        const bool client = (record.facts & SEAMARK_KERNEL_CLIENT) != 0;
        socket.side = client ? EventFlags::kClient : EventFlags::kServer;
        socket.opened = left;
        socket.first_write = record.sequence;
        socket.first_read = record.read_sequence;
        socket.fast_open = (record.facts & SEAMARK_KERNEL_FAST_OPEN) != 0;
        return;
    }
    IoEvent event = event_of(record);
    event.flags |= socket.side;
    event.connection = socket.number;
    if (!socket.shown) open(socket, event);
    note_options(socket, record, event);
    if (record.kind == SEAMARK_KERNEL_CLOSED) {
        resolve(socket, socket.written);
        flush(socket, socket.written);
        event.kind = EventKind::kClosed;
        event.entered = event.left;
        event.requested = 0;
        event.returned = 0;
        sink_(event, socket.addresses);
        return;
    }
    if (record.entered == 0) {
        event.entered = earliest_entry(socket, event.thread);
        event.flags |= EventFlags::kEntryUnknown;
    }
    if (returned_.size() >= kMostThreads) {
        returned_.clear();
        began_ = left;
    }
    returned_[event.thread] = left;
    if (state) add_state(*state, hertz, event);
    transfer(socket, record, std::move(event));
}

/// Of sockets alone of which a call was recorded: whose others are is not known.
void CallAssembler::note_sent_again(const seamark_kernel_event& record) {
    const auto known = sockets_.find(record.socket);
    if (known == sockets_.end() || !known->second.shown || record.returned <= 0) return;
    const Socket& socket = known->second;
    const Direction& written = socket.written;
    IoEvent event;
    event.kind = EventKind::kTimestamp;
    event.transmission = Transmission::kSentAgain;
    event.recorder = Recorder::kKernel;
    event.flags = socket.side;
    event.connection = socket.number;
    event.returned = record.returned;
    event.sequence = record.sequence;
    event.entered = event.left = static_cast<std::int64_t>(record.left);
    const std::uint32_t end = record.sequence + static_cast<std::uint32_t>(record.returned);
    if (written.next && written.from_begin) {
        // Before the end of what calls have handed over, or after it: bytes of a call that blocks.
        const std::int64_t after = static_cast<std::int32_t>(end - *written.next);
        const std::int64_t offset = static_cast<std::int64_t>(written.offset) + after;
        if (offset >= 0) {
            event.flags |= EventFlags::kOffsetKnown;
            event.offset = static_cast<std::uint64_t>(offset);
        }
    }
    sink_(event, socket.addresses);
}

/// A thread makes one call after another.
std::int64_t CallAssembler::earliest_entry(const Socket& socket, std::uint32_t thread) const {
    const auto before = returned_.find(thread);
    const std::int64_t least = before != returned_.end() ? before->second : began_;
    return std::max(least, socket.opened);
}

CallAssembler::Socket& CallAssembler::socket_of(const seamark_kernel_event& event) {
    const auto [place, is_new] = sockets_.try_emplace(event.socket);
    Socket& socket = place->second;
    if (is_new) {
        socket.used = used_.insert(used_.end(), event.socket);
        socket.number = ++numbers_;
        socket.addresses = addresses_of(event);
        if (sockets_.size() > kMostSockets) evict();
    } else {
        used_.splice(used_.end(), used_, socket.used);
    }
    return socket;
}

void CallAssembler::evict() {
    const std::uint64_t oldest = used_.front();
    Socket& socket = sockets_.at(oldest);
    for (Direction* direction : {&socket.written, &socket.read}) {
        resolve(socket, *direction);
        flush(socket, *direction);
    }
    held_.erase(oldest);
    used_.pop_front();
    sockets_.erase(oldest);
}

/// The opening itself is in no one's call: the packet that ended it came to whichever process ran.
void CallAssembler::open(Socket& socket, const IoEvent& first) {
    socket.shown = true;
    if (socket.side == 0) return;
    IoEvent event;
    event.kind = EventKind::kOpened;
    event.call = socket.side == EventFlags::kClient ? Call::kConnect : Call::kAccept;
    event.recorder = Recorder::kKernel;
    event.flags = socket.side;
    event.process = first.process;
    event.connection = socket.number;
    event.program = first.program;
    event.entered = event.left = socket.opened;
    sink_(event, socket.addresses);
}

/// What has changed since the record before was set in between.
void CallAssembler::note_options(Socket& socket, const seamark_kernel_event& record,
                                 const IoEvent& event) {
    const auto before = std::exchange(socket.nonagle, record.nonagle);
    const std::int64_t since = std::exchange(socket.nonagle_at, event.left);
    if (!before) return;
    constexpr std::pair<std::uint8_t, std::uint16_t> kOptions[] = {{1, TCP_NODELAY}, {2, TCP_CORK}};
    for (const auto& [bit, name] : kOptions) {
        if (((*before ^ record.nonagle) & bit) == 0) continue;
        IoEvent found;
        found.kind = EventKind::kOption;
        found.call = Call::kGetsockopt;
        found.recorder = Recorder::kKernel;
        found.flags = event.flags;
        found.option_level = IPPROTO_TCP;
        found.option_name = name;
        found.requested = (record.nonagle & bit) != 0 ? 1 : 0;
        found.process = event.process;
        found.thread = event.thread;
        found.connection = socket.number;
        found.program = event.program;
        found.entered = std::min(since, event.left);
        found.left = event.left;
        sink_(found, socket.addresses);
    }
}

void CallAssembler::transfer(Socket& socket, const seamark_kernel_event& record, IoEvent event) {
    const bool write = event.kind == EventKind::kWrite;
    Direction& direction = write ? socket.written : socket.read;
    if ((record.facts & SEAMARK_KERNEL_TLS) != 0) {
        // What it returns counts the bytes of the layer above.
        if (!std::exchange(socket.upper_layer, true)) ++upper_layers_;
        event.kind = write ? EventKind::kUpperWrite : EventKind::kUpperRead;
        event.layer = Layer::kKernelTls;
        if (event.taken() > 0) event.index = ++direction.index;
        sink_(event, socket.addresses);
        return;
    }
    if (direction.thread != 0 && direction.thread != event.thread) direction.several_threads = true;
    direction.thread = event.thread;
    if (!direction.next && (write ? socket.first_write : socket.first_read)) {
        direction.next = write ? socket.first_write : socket.first_read;
        direction.from_begin = !socket.fast_open;
    }
    const std::uint32_t begin = record.sequence - static_cast<std::uint32_t>(event.taken());
    if (event.taken() == 0) {
        // A call of pieces that ends because the socket takes no more has returned what it moved.
        if (direction.pieces && direction.pieces->entered == event.entered &&
            is_made_of_pieces(event.call))
            return;
        flush(socket, direction);
        event.sequence = begin;
        if (direction.from_begin && direction.next == begin && direction.waiting.empty()) {
            event.flags |= EventFlags::kOffsetKnown;
            event.offset = direction.offset;
        }
        sink_(event, socket.addresses);
        return;
    }
    const std::int64_t left = event.left;
    if (direction.next == begin && direction.waiting.empty()) {
        accept(socket, direction, {std::move(event), begin}, true);
        return;
    }
    direction.waiting.push_back({std::move(event), begin});
    held_.try_emplace(record.socket, left);
}

void CallAssembler::release(std::int64_t now) {
    for (auto held = held_.begin(); held != held_.end();) {
        if (now - held->second < kHold) {
            ++held;
            continue;
        }
        Socket& socket = sockets_.at(held->first);
        for (Direction* direction : {&socket.written, &socket.read}) resolve(socket, *direction);
        held = held_.erase(held);
    }
}

void CallAssembler::finish() {
    for (const std::uint64_t number : used_) {
        Socket& socket = sockets_.at(number);
        for (Direction* direction : {&socket.written, &socket.read}) {
            resolve(socket, *direction);
            flush(socket, *direction);
        }
    }
    held_.clear();
}

}  // namespace seamark::trace::kernel
