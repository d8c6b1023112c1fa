// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/offset.hpp"

namespace seamark {

/// One thing that a program did to a TCP connection, as recorded where it happened.
/// docs/event-format.md specifies its bytes; numbers in the enumerations below are those on the
/// wire and never change.
enum class EventKind : std::uint8_t {
    kWrite = 1,      // a call that handed bytes to the kernel, or tried to
    kRead = 2,       // a call that took bytes out, or tried to
    kOpened = 3,     // the connection is established: accept or connect returned
    kClosed = 4,     // close or shutdown
    kOption = 5,     // a socket option was changed
    kTimestamp = 6,  // the kernel's own time of a transmission
    kEnd = 7,        // the recorder ended as it should; tells how many events it dropped
};

enum class Call : std::uint16_t {
    kUnknown = 0,
    kSend = 1,
    kSendto = 2,
    kSendmsg = 3,
    kSendmmsg = 4,
    kWrite = 5,
    kWritev = 6,
    kSendfile = 7,
    kSplice = 8,
    kRead = 9,
    kReadv = 10,
    kRecv = 11,
    kRecvfrom = 12,
    kRecvmsg = 13,
    kConnect = 14,
    kAccept = 15,
    kClose = 16,
    kShutdown = 17,
    kSetsockopt = 18,
    kRecvmmsg = 19,
    kPwritev = 20,
};
/// The call's name as in its manual page; "call" where the number is not known.
std::string_view to_string(Call call);

/// How an event was recorded, and so what it may have disturbed.
enum class Recorder : std::uint8_t {
    kUnknown = 0,
    kInside = 1,      // the program records its own calls
    kInterposed = 2,  // a library between program and C library
};

/// What was in force during the call; bits on the wire.
struct EventFlags {
    static constexpr std::uint32_t kNodelay = 1U << 0;       // TCP_NODELAY
    static constexpr std::uint32_t kCork = 1U << 1;          // TCP_CORK
    static constexpr std::uint32_t kMore = 1U << 2;          // MSG_MORE
    static constexpr std::uint32_t kOptionsKnown = 1U << 3;  // the three above mean something
    static constexpr std::uint32_t kOffsetKnown = 1U
                                                  << 4;  // the connection was seen from its begin
    static constexpr std::uint32_t kNonblocking = 1U << 5;  // O_NONBLOCK or MSG_DONTWAIT
    static constexpr std::uint32_t kClient = 1U << 6;       // the recorded side connected
    static constexpr std::uint32_t kServer = 1U << 7;       // the recorded side accepted
};

/// An excerpt of the kernel's state right after a write (TCP_INFO, SIOCOUTQ, SO_MEMINFO). The first
/// eight numbers were there from the first release of the format; the others are 0 where an older
/// recorder left them out.
struct KernelState {
    static constexpr std::uint32_t kUnlimited = ~std::uint32_t{0};

    std::uint32_t cwnd = 0;            // packets
    std::uint32_t unacked = 0;         // packets
    std::uint32_t mss = 0;             // bytes, of what is sent
    std::uint32_t peer_window = 0;     // bytes
    std::uint32_t rtt_us = 0;          // smoothed
    std::uint32_t queued = 0;          // bytes not acknowledged, those not sent included
    std::uint32_t not_sent = 0;        // bytes
    std::uint32_t retransmits = 0;     // total
    std::uint32_t in_flight = 0;       // packets: unacked less those SACKed or held for lost
    std::uint32_t device_memory = 0;   // bytes of memory of packets that wait below TCP
    std::uint32_t queue_memory = 0;    // bytes of memory of all that is queued in the socket
    std::uint32_t send_buffer = 0;     // bytes, the limit of queue_memory
    std::uint32_t pacing_rate = 0;     // KiB a second; kUnlimited
    std::uint32_t rwnd_limited = 0;    // µs for which the peer's window has held data, in all
    std::uint32_t sndbuf_limited = 0;  // µs for which the send buffer has, in all
    std::uint32_t recovery = 0;        // tcpi_ca_state: 0 open, 3 recovery, 4 loss

    /// A recorder that knows more than the first eight.
    bool detailed() const { return send_buffer != 0; }
    friend bool operator==(const KernelState&, const KernelState&) = default;
};

/// The same right after a read (SIOCINQ, SO_RCVLOWAT, SO_MEMINFO).
struct ReceiveState {
    std::uint32_t unread = 0;     // bytes that the call left behind
    std::uint32_t low_water = 0;  // bytes below which the socket does not count as readable
    std::uint32_t memory = 0;     // bytes of memory of what waits to be read
    std::uint32_t buffer = 0;     // bytes, the limit of memory
    friend bool operator==(const ReceiveState&, const ReceiveState&) = default;
};

/// What a kTimestamp event is the time of; its offset is one past the last byte of the packet.
enum class Transmission : std::uint8_t {
    kUnknown = 0,
    kScheduled = 1,  // it entered the queue of the device
    kSent = 2,       // it was handed to the device
    kAcknowledged = 3,
};

struct IoEvent {
    EventKind kind = EventKind::kWrite;
    Call call = Call::kUnknown;
    Recorder recorder = Recorder::kUnknown;
    Transmission transmission = Transmission::kUnknown;  // of kTimestamp
    std::uint32_t flags = 0;
    std::uint64_t index = 0;      // of the write or read on its connection, from 1; 0: took no byte
    std::uint64_t offset = 0;     // stream offset of the first byte taken, if kOffsetKnown
    std::uint64_t requested = 0;  // bytes asked; of kOption: the value; of kEnd: events recorded
    std::int64_t returned = 0;    // bytes taken, or -1; of kEnd: events dropped
    std::int32_t error = 0;       // errno where returned is -1
    std::int32_t descriptor = -1;
    std::uint32_t process = 0;
    std::uint32_t thread = 0;
    std::uint32_t connection = 0;    // counts the process's connections, from 1; 0: unknown
    std::uint16_t option_level = 0;  // of kOption: SOL_SOCKET, IPPROTO_TCP …
    std::uint16_t option_name = 0;   // of kOption
    std::int64_t entered = 0;        // ns since 1970 (CLOCK_REALTIME)
    std::int64_t left = 0;           // ns since 1970
    std::optional<KernelState> state = {};
    std::optional<ReceiveState> receive_state = {};
    // Bytes as they were recorded: DisplayText makes them fit to be shown.
    std::string congestion = {};  // name of the congestion control, where it was asked for
    std::string program = {};     // name of the program, may be empty

    /// Bytes of a name that sentences show; Linux has no longer name of a congestion control.
    static constexpr std::size_t kShownName = 32;

    std::uint64_t taken() const { return returned > 0 ? static_cast<std::uint64_t>(returned) : 0; }
    /// The bytes that were taken, if kOffsetKnown.
    CallRange range() const {
        const CallOffset begin{offset};
        return {begin, saturating_add(begin, taken())};
    }
    /// An option event of SO_MAX_PACING_RATE, by Linux's numbers; requested is the rate, bytes a
    /// second.
    bool sets_pacing_rate() const {
        return kind == EventKind::kOption && option_level == 1 && option_name == 47;
    }
    static constexpr std::uint64_t kNoPacing = ~std::uint32_t{0};
    bool has(std::uint32_t flag) const { return (flags & flag) != 0; }
    friend bool operator==(const IoEvent&, const IoEvent&) = default;
};

/// Appends the event's record (version 1) to out.
void encode(const IoEvent& event, std::vector<std::uint8_t>& out);

/// Reads a record. Empty where the bytes hold no whole fixed part, or the version is 0. What a
/// later version added is skipped; times are kept within bounds (moment.hpp).
std::optional<IoEvent> decode(std::span<const std::uint8_t> record);

/// The event in words, for a packet comment and the Info column, fit to be shown: "write 7: send 32
/// of 32 bytes at 224".
std::string describe(const IoEvent& event);

}  // namespace seamark
