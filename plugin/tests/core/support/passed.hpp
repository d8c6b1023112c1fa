// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/delay/leg_points.hpp"
#include "support/sides.hpp"
#include "support/text.hpp"

namespace seamark::test {

// Interfaces of a capture file.
inline constexpr std::uint64_t kA = 1;
inline constexpr std::uint64_t kB = 2;

/// Packets of one connection, each with the interfaces that it passed; fed in order of the stamps.
class Passed {
  public:
    struct At {
        std::uint64_t interface;
        std::int64_t time;  // µs
        std::uint8_t hops_left = 0;
    };

    void syn(Side side, const std::vector<At>& all) {
        CapturedSegment one;
        one.header.syn = true;
        one.header.ack = side == kServer;
        one.header.sequence = RawSequence{999};
        one.header.acknowledged = RawSequence{1000};
        put(side, one, {}, all);
    }
    void data(Side side, std::uint32_t offset, const std::string& bytes,
              const std::vector<At>& all) {
        CapturedSegment one;
        one.header.sequence = RawSequence{1000 + offset};
        one.wire_length = static_cast<std::uint32_t>(bytes.size());
        put(side, one, bytes, all);
    }
    void ack(Side side, std::uint32_t upto, const std::vector<At>& all) {
        CapturedSegment one;
        one.header.ack = true;
        one.header.acknowledged = RawSequence{1000 + upto};
        put(side, one, {}, all);
    }

    /// A handshake, the request and the response's head: from A, which is near the server, to B in
    /// `there` µs, back in `back`. B's clock is `ahead`. The request is at A at 2,000 + `back` µs.
    void open(const std::string& request, const std::string& head, std::int64_t there,
              std::int64_t back, std::int64_t ahead) {
        const auto to_client = [&](std::int64_t at) {
            return std::vector<At>{{kA, at}, {kB, at + there + ahead}};
        };
        const auto to_server = [&](std::int64_t at) {
            return std::vector<At>{{kB, at + ahead}, {kA, at + back}};
        };
        syn(kClient, to_server(0));
        syn(kServer, to_client(1'000));
        data(kClient, 0, request, to_server(2'000));
        data(kServer, 0, head, to_client(3'000));
    }

    /// Of the server's direction.
    LegPoints points() {
        std::stable_sort(all_.begin(), all_.end(), [](const Packet& a, const Packet& b) {
            return a.segment.time < b.segment.time;
        });
        std::uint32_t frame = 0;
        for (Packet& packet : all_) {
            packet.segment.frame = FrameNumber{++frame};
            const auto bytes = bytes_of(packet.bytes);
            packet.segment.payload = bytes;
            if (packet.segment.wire_length > 0 || packet.segment.header.syn)
                connection.add(packet.side, packet.segment);
            else
                connection.acknowledge(packet.side, packet.segment.header, packet.segment.time,
                                       packet.segment.frame, packet.segment.origin);
        }
        return {connection, kServer};
    }
    /// "new copy again": what each segment of the server is.
    std::string repeats() const {
        std::string text;
        const SegmentLane& lane = connection.stream(kServer).lane();
        for (const Segment& segment : lane.segments()) {
            const bool copy = connection.stream(kServer).is_copy(segment);
            text += (text.empty() ? "" : " ") + std::string(copy                       ? "copy"
                                                            : segment.retransmission() ? "again"
                                                                                       : "new");
        }
        return text;
    }

    WaitingBudget budget;
    Connection connection{budget};

  private:
    struct Packet {
        Side side;
        CapturedSegment segment;
        std::string bytes;
    };
    void put(Side side, CapturedSegment one, const std::string& bytes, const std::vector<At>& all) {
        for (const At& at : all) {
            one.time = at.time * 1000;
            one.origin = {std::nullopt, at.hops_left, at.interface};
            all_.push_back({side, one, bytes});
        }
    }
    std::vector<Packet> all_;
};

}  // namespace seamark::test
