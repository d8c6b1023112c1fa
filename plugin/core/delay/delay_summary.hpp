// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/delay/event_delay.hpp"

namespace seamark {

/// Some of many times, by rank (nearest rank: the lowest value that p of 100 do not exceed).
struct Percentiles {
    std::size_t count = 0;
    std::int64_t p50 = 0;  // ns
    std::int64_t p90 = 0;
    std::int64_t p99 = 0;
    std::int64_t max = 0;
};
/// Sorts them.
Percentiles percentiles(std::vector<std::int64_t>& times);

/// Which layer held the events of a message.
struct DelayVerdict {
    /// What the verdict is about.
    enum class About : std::uint8_t {
        kNothing,   // no event has a layer that held it
        kLongest,   // the event that took longest from the writing of the one before it
        kTogether,  // all arrived at once, long after the request
    };
    About about = About::kNothing;
    DelayShare share;                        // the largest
    std::int64_t of = 0;                     // ns, of which the share is a part
    std::uint32_t event = 0;                 // its number
    FrameNumber frame = FrameNumber::kNone;  // that carried its last byte to the client
    std::size_t long_ones = 0;               // events that took at least half as long
    std::size_t same = 0;                    // those of them that the same layer held
    std::size_t kept = 0;                    // events that a compressor kept
};

/// Gathers the events of one path.
class DelaySummary {
  public:
    void add(const EventDelay& delay);

    /// A layer that took part, with its times; layers in the order of the path.
    struct LayerTimes {
        DelayLayer layer;
        std::uint32_t leg;
        std::uint32_t point;  // of kHop
        std::vector<std::int64_t> ns;
    };

    std::size_t events() const { return events_; }
    std::vector<LayerTimes>& layers() { return layers_; }
    std::vector<std::int64_t>& gaps() { return gaps_; }
    std::vector<std::int64_t>& totals() { return totals_; }
    /// From the request to the first event; empty where it was not captured.
    std::optional<std::int64_t> first() const { return first_; }
    DelayVerdict verdict() const;

  private:
    struct Holder {
        std::int64_t total;
        DelayLayer layer;
        std::uint32_t leg;
        std::uint32_t point;
    };

    std::size_t events_ = 0;
    std::size_t kept_ = 0;
    std::vector<LayerTimes> layers_;
    std::vector<std::int64_t> gaps_;
    std::vector<std::int64_t> totals_;
    std::vector<Holder> holders_;  // of each event that has one, the first aside
    DelayVerdict longest_;
    DelayVerdict first_event_;
    std::optional<std::int64_t> first_;
    std::int64_t first_ready_ = 0;
    std::int64_t last_ready_ = 0;
};

}  // namespace seamark
