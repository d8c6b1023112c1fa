// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/event_check.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>

namespace seamark::trace {
namespace {

constexpr std::uint32_t most_processes = 1U << 22;  // PID_MAX_LIMIT
constexpr std::int32_t largest_errno = 4095;        // MAX_ERRNO
constexpr std::uint32_t known_flags = (EventFlags::kOwnOffsetKnown << 1) - 1;
constexpr auto largest_offset =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

bool is_process(std::uint32_t number) {
    return number > 0 && number <= most_processes;
}

bool is_within(std::int64_t time, const Period& period) {
    return time >= period.begin && time <= period.end;
}

/// Those that the library records.
bool is_kind(std::uint8_t kind) {
    return kind >= static_cast<std::uint8_t>(EventKind::kWrite) &&
           kind <= static_cast<std::uint8_t>(EventKind::kOption);
}

bool is_upper(std::uint8_t kind) {
    return kind == static_cast<std::uint8_t>(EventKind::kUpperWrite) ||
           kind == static_cast<std::uint8_t>(EventKind::kUpperRead);
}

bool is_tls_call(std::uint16_t call) {
    return (call >= static_cast<std::uint16_t>(Call::kSslWrite) &&
            call <= static_cast<std::uint16_t>(Call::kSslReadEx)) ||
           (call >= static_cast<std::uint16_t>(Call::kSslWriteEarlyData) &&
            call <= static_cast<std::uint16_t>(Call::kSslSendfile));
}

bool is_unseen(std::uint8_t kind) {
    return kind == static_cast<std::uint8_t>(EventKind::kUnseenWrite);
}

/// Bytes that no recorded call sent are of no call; an option may have been found by asking.
bool is_call(const seamark_event& event) {
    if (is_unseen(event.kind)) return event.call == 0;
    if (event.call == static_cast<std::uint16_t>(Call::kGetsockopt))
        return event.kind == static_cast<std::uint8_t>(EventKind::kOption);
    if (is_upper(event.kind) && is_tls_call(event.call)) return true;
    return event.call > 0 && event.call <= static_cast<std::uint16_t>(Call::kPwritev);
}

/// A call whose bytes are not certain has no offset, nor has one that belongs to kinds above.
bool are_flags(const seamark_event& event) {
    if ((event.flags & ~known_flags) != 0) return false;
    const bool known = (event.flags & EventFlags::kOffsetKnown) != 0;
    const bool own = (event.flags & EventFlags::kOwnOffsetKnown) != 0;
    const bool doubt = (event.flags & EventFlags::kAmbiguous) != 0;
    if (is_unseen(event.kind)) return !known && own != doubt;
    // What the kernel encrypted before is not known.
    if (is_upper(event.kind)) return !known && !doubt && own == is_tls_call(event.call);
    return !own && !(known && doubt);
}

bool is_option(const IoEvent& event, int level, int name) {
    return event.kind == EventKind::kOption && event.option_level == level &&
           event.option_name == name;
}

/// An index counts calls that took bytes, and only those.
bool adds_up(const seamark_event& event) {
    const auto kind = static_cast<EventKind>(event.kind);
    const bool moves =
        kind == EventKind::kWrite || kind == EventKind::kRead || is_upper(event.kind);
    if (is_unseen(event.kind))
        return event.index == 0 && event.returned > 0 && event.offset <= largest_offset &&
               static_cast<std::uint64_t>(event.returned) <= largest_offset - event.offset;
    if (!moves) return event.index == 0;
    if (event.returned < -1 || (event.returned > 0) != (event.index > 0)) return false;
    const auto taken = static_cast<std::uint64_t>(std::max<std::int64_t>(event.returned, 0));
    if (event.offset > largest_offset || taken > largest_offset - event.offset) return false;
    // A read may say more than was asked for (MSG_TRUNC).
    return kind == EventKind::kRead || kind == EventKind::kUpperRead || taken <= event.requested;
}

}  // namespace

std::optional<IoEvent> checked(const seamark_event& from, const Period& period) {
    const bool possible =
        (is_kind(from.kind) || is_upper(from.kind) || is_unseen(from.kind)) && is_call(from) &&
        is_process(from.process) && is_process(from.thread) && from.connection > 0 &&
        from.descriptor >= 0 && from.error >= 0 && from.error <= largest_errno && are_flags(from) &&
        (from.addresses.family == 4 || from.addresses.family == 6) &&
        is_within(from.entered, period) && is_within(from.left, period) && adds_up(from);
    if (!possible) return std::nullopt;
    IoEvent event;
    event.kind = static_cast<EventKind>(from.kind);
    event.call = static_cast<Call>(from.call);
    event.recorder = Recorder::kInterposed;
    event.flags = from.flags;
    event.index = from.index;
    event.offset = from.offset;
    event.requested = from.requested;
    event.returned = from.returned;
    event.error = from.error;
    event.descriptor = from.descriptor;
    event.process = from.process;
    event.thread = from.thread;
    event.connection = from.connection;
    event.option_level = from.option_level;
    event.option_name = from.option_name;
    event.entered = from.entered;
    event.left = from.left;
    if (is_upper(from.kind)) event.layer = is_tls_call(from.call) ? Layer::kTls : Layer::kKernelTls;
    return event;
}

namespace {

/// The kernel's name of a congestion control is no text that a program made up.
std::string_view congestion_of(const seamark_look& look) {
    const auto* end = std::find(std::begin(look.congestion), std::end(look.congestion), '\0');
    const std::string_view name(look.congestion, end);
    const auto fits = [](char c) { return c > ' ' && c < 0x7f; };
    return std::all_of(name.begin(), name.end(), fits) ? name : std::string_view();
}

}  // namespace

std::optional<std::string> key_log_line(const seamark_secret& secret) {
    constexpr std::string_view labels[] = {
#define SEAMARK_LABEL(text) text,
        SEAMARK_TLS_LABELS(SEAMARK_LABEL)
#undef SEAMARK_LABEL
    };
    constexpr std::uint8_t least = 16;
    if (secret.label >= std::size(labels) || secret.length < least ||
        secret.length > SEAMARK_LONGEST_SECRET)
        return std::nullopt;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string line(labels[secret.label]);
    const auto add = [&](std::span<const std::uint8_t> bytes) {
        line += ' ';
        for (const std::uint8_t byte : bytes) {
            line += digits[byte >> 4];
            line += digits[byte & 15];
        }
    };
    add(secret.client_random);
    add(std::span(secret.secret).first(secret.length));
    return line;
}

void add_look(std::uint8_t looked, const seamark_look& look, IoEvent& event) {
    if (looked == SEAMARK_LOOKED_RECEIVER && event.kind == EventKind::kRead) {
        event.receive_state = {look.numbers[0], look.numbers[1], look.numbers[2], look.numbers[3]};
        return;
    }
    constexpr unsigned possible =
        SEAMARK_LOOKED_SENDER | SEAMARK_LOOKED_SETTINGS | SEAMARK_LOOKED_HERE;
    if ((looked & ~possible) != 0) return;
    if ((looked & SEAMARK_LOOKED_SENDER) != 0 && event.kind == EventKind::kWrite) {
        static_assert(sizeof(KernelState) == sizeof look.numbers);
        event.state = std::bit_cast<KernelState>(std::to_array(look.numbers));
        if (look.pacing_limit != 0) event.pacing_limit = look.pacing_limit;
    }
    if ((looked & SEAMARK_LOOKED_SETTINGS) == 0) return;
    const bool is_write = event.kind == EventKind::kWrite;
    if (is_write || is_option(event, IPPROTO_TCP, TCP_CONGESTION)) {
        event.congestion = congestion_of(look);
    }
    if (is_write || is_option(event, SOL_SOCKET, SO_MAX_PACING_RATE)) {
        if (look.pacing_rate != 0) event.pacing_rate = look.pacing_rate;
        if (look.pacing_limit != 0) event.pacing_limit = look.pacing_limit;
    }
}

}  // namespace seamark::trace
