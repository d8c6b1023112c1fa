// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/offset.hpp"
#include "core/event/event_layout.h"

namespace seamark {

/// One thing that a program did to a TCP connection, as recorded where it happened.
/// docs/event-format.md specifies its bytes, event_layout.h has them as tables: numbers in the
/// enumerations below are those on the wire, and never change.
#define SEAMARK_ENUMERATOR(number, c_name, name, text) name = (number),
enum class EventKind : std::uint8_t { SEAMARK_EVENT_KINDS(SEAMARK_ENUMERATOR) };
/// "write", "read" …; "unknown" where the number is not known.
std::string_view to_string(EventKind kind);

enum class Call : std::uint16_t { kUnknown = 0, SEAMARK_EVENT_CALLS(SEAMARK_ENUMERATOR) };
/// The call's name as in its manual page; "call" where the number is not known.
std::string_view to_string(Call call);

/// How an event was recorded, and so what it may have disturbed.
enum class Recorder : std::uint8_t { kUnknown = 0, SEAMARK_EVENT_RECORDERS(SEAMARK_ENUMERATOR) };

/// What a kTimestamp event is the time of; its offset is one past the last byte of the packet. Of
/// kSentAgain returned is the number of bytes, and the sequence number that of the first.
enum class Transmission : std::uint8_t {
    kUnknown = 0,
    SEAMARK_EVENT_TRANSMISSIONS(SEAMARK_ENUMERATOR)
};

/// What the bytes of a call are bytes of.
enum class Layer : std::uint32_t { SEAMARK_EVENT_LAYERS(SEAMARK_ENUMERATOR) };
/// "TCP", "TLS" …; "unknown" where the number is not known.
std::string_view to_string(Layer layer);

/// Who spaces segments out, as sk_pacing_status has it.
enum class Pacing : std::uint32_t { SEAMARK_EVENT_PACINGS(SEAMARK_ENUMERATOR) };
#undef SEAMARK_ENUMERATOR

/// What was in force during the call; bits on the wire.
struct EventFlags {
#define SEAMARK_CONSTANT(number, c_name, name, text) static constexpr std::uint32_t name = (number);
    SEAMARK_EVENT_FLAGS(SEAMARK_CONSTANT)
#undef SEAMARK_CONSTANT
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
    /// Of the first byte moved, or of the next where none was: as in TCP's header.
    std::optional<std::uint32_t> sequence = {};
    std::optional<std::uint32_t> tcp_state = {};     // after the call, Linux's number
    std::optional<Layer> layer = {};                 // nothing: the socket
    std::optional<Pacing> pacing = {};               // sk_pacing_status
    std::optional<std::uint64_t> pacing_rate = {};   // bytes a second; 2^64-1: none
    std::optional<std::uint64_t> pacing_limit = {};  // SO_MAX_PACING_RATE; 2^64-1: none
    std::optional<std::uint32_t> autocorking = {};   // tcp_autocorking of the system; 0: off
    std::optional<std::uint64_t> dropped = {};  // events that the recorder dropped before this one
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

/// Appends the event's record (version 1) to out. Of a text the first 255 bytes are written.
void encode(const IoEvent& event, std::vector<std::uint8_t>& out);

/// Reads a record; empty where fault_of() says why not. What a later version added is skipped;
/// times are kept within bounds (moment.hpp). kOffsetKnown is taken off a call whose bytes are not
/// certain, or not TCP's, so that it is joined with no segment.
std::optional<IoEvent> decode(std::span<const std::uint8_t> record);

/// Why bytes are no record that can be read.
enum class RecordFault : std::uint8_t {
    kNone,
    kCut,             // shorter than its fixed part
    kNoVersion,       // 0
    kForeignVersion,  // of a format that came after this one
    kShortFixedPart,  // it says that its fixed part is shorter than ours
};
RecordFault fault_of(std::span<const std::uint8_t> record);
/// In a sentence, with the remedy where there is one.
std::string_view describe(RecordFault fault);

/// The event in words, for a packet comment and the Info column, fit to be shown: "write 7: send 32
/// of 32 bytes at 224".
std::string describe(const IoEvent& event);

}  // namespace seamark
