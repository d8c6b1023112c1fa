// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "collect/tracked_connection.hpp"
#include "core/event/io_event.hpp"

namespace seamark {

/// Finds the connection that a recorded call belongs to. Within a connection calls are joined by
/// byte offset; time only distinguishes connections that used the same 4-tuple one after another:
/// of these it is the last that began before the call returned. Calls on a 4-tuple that was not
/// seen yet wait for it.
class CallRouter {
  public:
    /// A connection that was seen, in order of begin. It must outlive the router.
    void know(TrackedConnection& tracked);
    /// `interface` is the one that the event's packet says it was captured on, 0 where it says
    /// none: mergecap gives each record its own.
    void route(const ObservedSegment& end_points, const IoEvent& event, FrameNumber frame,
               std::uint32_t interface);
    /// The event in this frame, the last one routed, is none of the capture: undoes route().
    void forget(FrameNumber frame);

    /// The connection that a call belongs to; null where none was seen (yet).
    TrackedConnection* find(const ObservedSegment& end_points, const IoEvent& event) const;
    /// What is wanting in the records, a line each: one that has no end, events that were dropped,
    /// calls that are not joined with the capture, and why.
    std::vector<std::string> complaints() const;

  private:
    /// Calls that have something wrong, and the first of them.
    struct Wrong {
        std::size_t calls = 0;
        FrameNumber first = FrameNumber::kNone;
        void note(FrameNumber frame) {
            if (calls++ == 0 || frame < first) first = frame;
        }
    };
    struct Waiting {
        std::string source;
        IoEvent event;
        FrameNumber frame;
    };
    struct Tuple {
        std::vector<TrackedConnection*> connections;  // in order of begin
        std::vector<Waiting> waiting;
    };
    /// What route() did last.
    struct Routed {
        std::string source;
        IoEvent event;
        FrameNumber frame = FrameNumber::kNone;
        Tuple* tuple = nullptr;  // null: of no connection
        std::uint32_t interface = 0;
        // As they were before.
        std::optional<bool> ended;  // of the interface; empty: it was not known
        Wrong unplaced;
        Wrong ambiguous;
        Wrong contradicted;
    };
    static TrackedConnection* choose(const Tuple& tuple, const IoEvent& event);
    void deliver(const Tuple& tuple, const std::string& source, const IoEvent& event,
                 FrameNumber frame);
    /// Calls with a byte that no frame of their connection carried; above TLS, with one of a record
    /// that was not decrypted as well.
    struct Uncaptured {
        Wrong sockets;
        Wrong above_tls;
    };
    Uncaptured uncaptured() const;
    /// What is against the offsets that are recorded, of all connections.
    struct Doubts {
        std::uint64_t unseen = 0;  // bytes that no recorded call sent
        FrameNumber first_unseen = FrameNumber::kNone;
        Wrong uncertain;
        Wrong contradicted;
    };
    Doubts doubts() const;
    Connection::UnjoinedCalls calls_above_tls() const;
    template <typename Visit>
    void each_stream(Visit visit) const;

    Routed last_;
    std::unordered_map<std::string, Tuple> tuples_;
    std::map<std::uint32_t, bool> ended_;             // by interface
    std::map<std::uint32_t, std::uint64_t> dropped_;  // by process
    Wrong unplaced_;                                  // their offsets are not known
    Wrong ambiguous_;                                 // nor is it which bytes they moved
    Wrong contradicted_;                              // an earlier call claims their bytes
};

}  // namespace seamark
