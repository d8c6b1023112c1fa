// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/lanes/lanes.hpp"
#include "support/recorded_call.hpp"
#include "support/sides.hpp"
#include "support/text.hpp"

namespace seamark::test {

/// A response of a server, each segment at its own time.
struct Timed {
    Timed() {
        syn(kClient);
        syn(kServer);
    }
    void syn(Side side) {
        CapturedSegment captured;
        captured.header.syn = true;
        captured.header.sequence = RawSequence{999};
        connection.add(side, captured);
    }
    /// time, entered, left: ns.
    void server(std::string_view bytes, std::int64_t time) {
        CapturedSegment captured;
        captured.frame = FrameNumber{++frame};
        captured.time = time;
        captured.header.sequence = RawSequence{static_cast<std::uint32_t>(1000 + here)};
        captured.wire_length = static_cast<std::uint32_t>(bytes.size());
        captured.payload = bytes_of(bytes);
        connection.add(kServer, captured);
        here += bytes.size();
    }
    void call(EventKind kind, std::uint64_t index, std::uint64_t offset, std::uint64_t taken,
              std::int64_t entered, std::int64_t left) {
        IoEvent event = recorded_call(kind, index, offset, taken);
        event.entered = entered;
        event.left = left;
        connection.add_event(kind == EventKind::kWrite ? kServer : kClient, event, FrameNumber{90});
    }
    std::vector<Lanes> lanes() {
        connection.finish();
        entries = {{3, &connection, {"192.0.2.1", 40000}, {"192.0.2.2", 80}}};
        return gather_lanes(entries, {});
    }

    WaitingBudget budget;
    Connection connection{budget};
    std::vector<CaptureEntry> entries;
    unsigned frame = 0;
    std::uint64_t here = 0;
};

}  // namespace seamark::test
