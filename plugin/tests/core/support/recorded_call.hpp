// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "core/event/io_event.hpp"

namespace seamark::test {

/// The event of a send() or recv() (kind says which) that took bytes at a known offset. asked: how
/// many it offered or had room for; 0: as many as it took.
inline IoEvent recorded_call(EventKind kind, std::uint64_t index, std::uint64_t offset,
                             std::uint64_t taken, std::uint64_t asked = 0) {
    IoEvent event;
    event.kind = kind;
    event.call = kind == EventKind::kWrite ? Call::kSend : Call::kRecv;
    event.flags = EventFlags::kOffsetKnown;
    event.index = index;
    event.offset = offset;
    event.requested = asked > 0 ? asked : taken;
    event.returned = static_cast<std::int64_t>(taken);
    return event;
}

}  // namespace seamark::test
