// SPDX-License-Identifier: GPL-2.0-or-later
//
// The part of CallAssembler that decides which bytes of a direction a call moved.
#include <algorithm>
#include <utility>

#include "trace/kernel/call_assembler.hpp"
#include "trace/kernel/kernel_call.hpp"

namespace seamark::trace::kernel {
namespace {

/// How far `to` is after `from`, in sequence numbers, which wrap.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

std::uint32_t end_of(const IoEvent& event, std::uint32_t begin) {
    return begin + static_cast<std::uint32_t>(event.taken());
}

}  // namespace

/// Those that wait, in the order of their bytes.
void CallAssembler::resolve(Socket& socket, Direction& direction) {
    std::vector<Waiting> all = std::exchange(direction.waiting, {});
    if (all.empty()) return;
    const std::uint32_t zero = direction.next.value_or(all.front().begin);
    std::stable_sort(all.begin(), all.end(), [&](const Waiting& a, const Waiting& b) {
        return distance(zero, a.begin) < distance(zero, b.begin);
    });
    const auto end = [&](const Waiting& one) { return end_of(one.event, one.begin); };
    for (std::size_t first = 0; first < all.size();) {
        // Those of which one overlaps the next.
        std::uint32_t reach = end(all[first]);
        std::size_t last = first + 1;
        for (; last < all.size() && distance(all[last].begin, reach) > 0; ++last)
            if (distance(reach, end(all[last])) > 0) reach = end(all[last]);
        const bool overlaps = direction.next && distance(all[first].begin, *direction.next) > 0;
        const bool gap = direction.next && distance(*direction.next, all[first].begin) > 0;
        // After bytes of no recorded call a number of several threads may be too large.
        const bool certain = last == first + 1 && !overlaps && !(gap && direction.several_threads);
        if (certain && gap) note_gap(socket, direction, all[first]);
        for (; first < last; ++first) accept(socket, direction, std::move(all[first]), certain);
    }
}

void CallAssembler::note_gap(Socket& socket, Direction& direction, const Waiting& after) {
    flush(socket, direction);
    const std::uint32_t bytes = after.begin - *direction.next;
    IoEvent event;
    event.kind =
        after.event.kind == EventKind::kWrite ? EventKind::kUnseenWrite : EventKind::kUnseenRead;
    event.recorder = Recorder::kKernel;
    event.flags = socket.side;
    event.returned = bytes;
    event.process = after.event.process;
    event.thread = after.event.thread;
    event.connection = socket.number;
    event.program = after.event.program;
    event.sequence = *direction.next;
    event.entered = std::min(std::max(direction.left, socket.opened), after.event.entered);
    event.left = after.event.entered;
    if (event.entered == 0) event.entered = event.left;
    if (direction.from_begin) {
        event.flags |= EventFlags::kOwnOffsetKnown;
        event.offset = direction.offset;
    }
    unseen_ += bytes;
    sink_(event, socket.addresses);
}

/// A call whose bytes follow those of the calls before it.
void CallAssembler::accept(Socket& socket, Direction& direction, Waiting waiting, bool certain) {
    IoEvent& event = waiting.event;
    const std::uint32_t end = end_of(event, waiting.begin);
    if (direction.next) {
        // Bytes before the first that could be there: of a SYN, of the time before the opening.
        if (distance(*direction.next, waiting.begin) < 0 && direction.index == 0 && certain)
            direction.from_begin = false;
        const std::int32_t skipped = distance(*direction.next, waiting.begin);
        if (certain) direction.offset += static_cast<std::uint64_t>(std::max(skipped, 0));
    }
    if (certain) {
        event.sequence = waiting.begin;
        if (direction.from_begin) {
            event.flags |= EventFlags::kOffsetKnown;
            event.offset = direction.offset;
        }
        direction.offset += event.taken();
        direction.next = end;
    } else {
        ++ambiguous_;
        event.flags |= EventFlags::kAmbiguous;
        // The last of the calls whose order is not certain ends where the next one begins.
        if (!direction.next || distance(*direction.next, end) > 0) {
            if (direction.next)
                direction.offset += static_cast<std::uint32_t>(end - *direction.next);
            direction.next = end;
        }
    }
    give(socket, direction, std::move(event));
}

void CallAssembler::give(const Socket& socket, Direction& direction, IoEvent event) {
    direction.left = event.left;
    if (direction.pieces) {
        IoEvent& whole = *direction.pieces;
        const bool more = whole.thread == event.thread && whole.entered == event.entered &&
                          whole.call == event.call && !event.has(EventFlags::kAmbiguous) &&
                          !whole.has(EventFlags::kAmbiguous);
        if (more) {
            const std::uint64_t taken = whole.taken() + event.taken();
            event.index = whole.index;
            event.offset = whole.offset;
            event.sequence = whole.sequence;
            event.returned = static_cast<std::int64_t>(taken);
            event.requested = std::max(whole.requested, taken);
            whole = std::move(event);
            return;
        }
        flush(socket, direction);
    }
    event.index = ++direction.index;
    if (is_made_of_pieces(event.call) && !event.has(EventFlags::kEntryUnknown)) {
        direction.pieces = std::move(event);
        return;
    }
    sink_(event, socket.addresses);
}

void CallAssembler::flush(const Socket& socket, Direction& direction) {
    if (!direction.pieces) return;
    const IoEvent event = std::move(*direction.pieces);
    direction.pieces.reset();
    sink_(event, socket.addresses);
}

}  // namespace seamark::trace::kernel
