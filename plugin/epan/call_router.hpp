// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/io_event.hpp"
#include "observe.hpp"

namespace seamark {

struct TrackedConnection;

/// Finds the connection that a recorded call belongs to. Within a connection calls are joined by
/// byte offset; time only tells apart connections that used the same 4-tuple one after another: of
/// these it is the last that began before the call returned. Calls on a 4-tuple that was not seen
/// yet wait for it.
class CallRouter {
  public:
    /// A connection that was seen, in order of begin. It must outlive the router.
    void know(TrackedConnection& tracked);
    void route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame);

    /// The connection that a call belongs to; null where none was seen (yet).
    TrackedConnection* find(const ObservedSegment& end_points, const IoEvent& event) const;
    /// What is wanting in the records, a line each: a process whose record has no end, events that
    /// were dropped, calls whose connection is not in the capture.
    std::vector<std::string> complaints() const;

  private:
    struct Record {
        bool ended = false;
        std::uint64_t dropped = 0;
    };
    struct Waiting {
        std::string source;
        IoEvent event;
        FrameNumber frame;
    };
    struct Tuple {
        std::vector<TrackedConnection*> connections;
        std::vector<Waiting> waiting;
    };
    static TrackedConnection* choose(const Tuple& tuple, const IoEvent& event);
    static void deliver(const Tuple& tuple, const std::string& source, const IoEvent& event,
                        FrameNumber frame);

    std::unordered_map<std::string, Tuple> tuples_;
    std::map<std::uint32_t, Record> records_;  // by process
};

}  // namespace seamark
