// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

/// A point of capture that the bytes of one direction passed.
struct LegPoint {
    /// Bytes that passed there once more.
    struct Again {
        ByteRange range;
        std::int64_t time = 0;   // ns since 1970, by this point's clock
        std::int64_t since = 0;  // ns since the first byte of them passed first
    };
    std::uint8_t number = 0;      // of CapturePoints
    std::uint64_t interface = 0;  // of PacketOrigin
    std::uint8_t hops_left = 0;   // TTL or hop limit there; 0: not known
    RangeIndex runs;              // the frames that carried each byte there first
    std::vector<Again> again;     // by where they begin, then by time
};

/// What is known of the clocks of two points that follow each other.
struct HopClock {
    // One program captured at both, or packets of both directions passed both: else their times say
    // nothing of each other.
    bool related = false;
    bool one_clock = false;  // captured by one program as one interface ("any")
    // The second point's clock less the first's, ns, if a packet needs as long there as back: half
    // the difference of the least times of both directions. It is wrong by at most `error`, half
    // their sum, however long the ways are. Empty where one direction did not pass both.
    std::optional<std::int64_t> offset;
    std::int64_t error = 0;
    // A packet is stamped earlier where it passed later, so that these are two clocks; else they
    // may be one, and times stay as they were captured.
    bool differs = false;
    /// What is taken off the second point's times, ns.
    std::int64_t correction() const { return differs && offset ? *offset : 0; }
};

/// The points of capture of one direction of a connection, in the order in which its bytes pass
/// them: interfaces of the file at which at least half of its bytes were captured. None where
/// there are not two of them. Made of all segments of the connection: as large as their map.
///
/// Which of two comes first follows from the TTL, which only falls. Where it is the same, it
/// follows from both directions: what one needs from A to B and the other from B to A is the time
/// of both ways, without the difference of the clocks; where that is negative, they lie the other
/// way round.
class LegPoints {
  public:
    LegPoints(const Connection& carrying, Side sender);

    std::span<const LegPoint> points() const { return points_; }
    /// Those from the first on whose clocks are related: what passed them can be compared.
    std::span<const LegPoint> comparable() const { return points().first(comparable_); }
    /// Between point i and the next.
    const HopClock& clock(std::size_t i) const { return clocks_[i]; }
    bool several() const { return points_.size() > 1; }
    /// Some two of comparable() have clocks that differ.
    bool differ() const;

  private:
    std::vector<LegPoint> points_;
    std::vector<HopClock> clocks_;
    std::size_t comparable_ = 0;
};

/// When bytes of a direction had passed the place of capture of a point, which may be one of the
/// other direction; ns since 1970. Empty where they were not captured there.
std::optional<std::int64_t> passed_at(const Connection& carrying, Side sender, StreamOffset last,
                                      const LegPoint& point);

}  // namespace seamark
