// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "core/chunk_table.hpp"
#include "core/connection.hpp"
#include "epan/observe.hpp"

namespace seamark {

/// A TCP connection of the capture, under Wireshark's number for it.
struct TrackedConnection {
    TrackedConnection(std::uint32_t number, const ObservedSegment& seen,
                      std::uint64_t waiting_limit);

    /// Which side sent this segment.
    Side sender(const ObservedSegment& seen) const;

    std::uint32_t stream;  // tcp.stream
    Endpoint first;        // Side::kFirst: the sender of the first segment seen
    Endpoint second;
    Connection connection;

  private:
    bool ports_differ_;
};

/// All connections of the capture that is open. One at a time: made anew for each file (and for
/// each redissection), dropped with it.
class Connections {
  public:
    explicit Connections(std::uint64_t waiting_limit) : waiting_limit_(waiting_limit) {}

    /// The connection of this segment, made if make is set; null where Wireshark knows none.
    TrackedConnection* find(packet_info* pinfo, const ObservedSegment& seen, bool make);
    /// The capture has ended: every hole is given up.
    void finish();
    /// All of them, sorted by stream, for the tables. Valid until the next find().
    std::vector<TableEntry> table() const;

  private:
    std::uint64_t waiting_limit_;
    std::vector<std::unique_ptr<TrackedConnection>> by_stream_;
};

}  // namespace seamark
