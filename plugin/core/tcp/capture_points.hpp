// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/byte_range.hpp"
#include "core/tcp/copy_watch.hpp"

namespace seamark {

/// The interfaces at which the packets of one connection were captured, and what passed each, as
/// far as copies are recognised by it. Sides are 0 and 1. Points count from 1; 0: not known.
/// Bounded memory: a connection that was captured at one interface has about 300 bytes here.
class CapturePoints {
  public:
    static constexpr std::size_t kMost = 8;

    /// The point of an interface (PacketOrigin::interface), made where it is new. 0 where it is not
    /// known, or kMost others are.
    std::uint8_t number_of(std::uint64_t interface) {
        const bool is_first = !points_.empty() && points_.front().interface == interface;
        return is_first ? std::uint8_t{1} : number_of_later(interface);
    }
    std::size_t count() const { return points_.size(); }
    bool several() const { return points_.size() > 1; }
    /// Some two of them may have been stamped by two clocks.
    bool several_clocks() const;
    std::uint64_t interface(std::uint8_t point) const { return points_[point - 1U].interface; }

    /// A segment with SYN. Times in ns since 1970, as the clock of that interface has them.
    void note_syn(std::size_t side, std::uint8_t point, std::int64_t time);
    void note_acknowledged(std::size_t side, std::uint8_t point, RawSequence acknowledged,
                           std::int64_t time) {
        if (several() && point != 0) keep_acknowledged(side, point, acknowledged, time);
    }
    /// A segment with payload. Whether it is a copy of a packet that another point has: its bytes
    /// passed another one, and passed here less often so far. This holds where packets were lost
    /// between the points, too. A point that has less than two thirds of the bytes since its first
    /// one, as one of two paths that packets are spread over, has no copies.
    bool note_data(std::size_t side, std::uint8_t point, RawSequence sequence, std::uint32_t length,
                   std::uint8_t hops_left);

    /// The least time from one point to another of an acknowledgement or SYN that a side sent, ns:
    /// negative where the second is earlier, or its clock is behind. Of a packet that was sent
    /// again the time may be too long, never too short. Empty where none passed both.
    std::optional<std::int64_t> least(std::size_t side, std::uint8_t from, std::uint8_t to) const;
    /// TTL or hop limit of a side's first segment with payload there; 0: not known.
    std::uint8_t hops_left(std::size_t side, std::uint8_t point) const {
        return points_[point - 1U].sides[side].hops_left;
    }

  private:
    static constexpr std::size_t kMostAcknowledged = 256;
    static constexpr std::size_t kMostRanges = 16;

    /// Sequence numbers, begin <= end modulo 2^32.
    struct Range {
        std::uint32_t begin;
        std::uint32_t end;
    };
    struct Passing {
        std::optional<std::int64_t> syn = std::nullopt;
        std::optional<std::uint32_t> acknowledged = std::nullopt;  // the highest number so far
        // Numbers that were reached, and when; the first of all is none: it may have been reached
        // before.
        std::vector<std::pair<std::uint32_t, std::int64_t>> times = {};
        std::vector<Range> passed = {};  // ascending, apart; of many the last
        std::vector<std::uint32_t> again =
            {};  // where repeated segments began, the last kMostRanges
        std::uint8_t hops_left = 0;

        bool any_of(Range range) const;
        /// Takes a range that begins where the last one ended; false where that is not all.
        bool goes_on(Range range);
        void add(Range range);
        bool is_most() const;
        std::size_t count_again(std::uint32_t begin) const;
    };
    struct Point {
        std::uint64_t interface;
        std::array<Passing, 2> sides = {};
    };
    std::uint8_t number_of_later(std::uint64_t interface);
    void keep_acknowledged(std::size_t side, std::uint8_t point, RawSequence acknowledged,
                           std::int64_t time);

    std::vector<Point> points_;
};

}  // namespace seamark
