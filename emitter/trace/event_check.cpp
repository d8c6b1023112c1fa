// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/event_check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string_view>

namespace seamark::trace {
namespace {

constexpr std::uint32_t most_processes = 1U << 22;  // PID_MAX_LIMIT
constexpr std::int32_t largest_errno = 4095;        // MAX_ERRNO
constexpr std::uint32_t known_flags = (EventFlags::kServer << 1) - 1;
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

/// An index counts calls that took bytes, and only those.
bool adds_up(const seamark_event& event) {
    const auto kind = static_cast<EventKind>(event.kind);
    const bool moves = kind == EventKind::kWrite || kind == EventKind::kRead;
    if (!moves) return event.index == 0;
    if (event.returned < -1 || (event.returned > 0) != (event.index > 0)) return false;
    const auto taken = static_cast<std::uint64_t>(std::max<std::int64_t>(event.returned, 0));
    if (event.offset > largest_offset || taken > largest_offset - event.offset) return false;
    // A read may say more than was asked for (MSG_TRUNC).
    return kind == EventKind::kRead || taken <= event.requested;
}

}  // namespace

std::optional<IoEvent> checked(const seamark_event& from, const Period& period) {
    const bool possible =
        is_kind(from.kind) && from.call > 0 &&
        from.call <= static_cast<std::uint16_t>(Call::kPwritev) && is_process(from.process) &&
        is_process(from.thread) && from.connection > 0 && from.descriptor >= 0 && from.error >= 0 &&
        from.error <= largest_errno && (from.flags & ~known_flags) == 0 &&
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

void add_look(std::uint8_t looked, const seamark_look& look, IoEvent& event) {
    if (looked == SEAMARK_LOOKED_SENDER && event.kind == EventKind::kWrite) {
        static_assert(sizeof(KernelState) == sizeof look.numbers);
        event.state = std::bit_cast<KernelState>(std::to_array(look.numbers));
        event.congestion = congestion_of(look);
        if (look.pacing_limit != 0) event.pacing_limit = look.pacing_limit;
    } else if (looked == SEAMARK_LOOKED_RECEIVER && event.kind == EventKind::kRead) {
        event.receive_state = {look.numbers[0], look.numbers[1], look.numbers[2], look.numbers[3]};
    } else if (looked == SEAMARK_LOOKED_CONGESTION && event.kind == EventKind::kOption) {
        event.congestion = congestion_of(look);
    }
}

}  // namespace seamark::trace
