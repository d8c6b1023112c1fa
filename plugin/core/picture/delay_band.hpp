// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/delay/event_delay.hpp"
#include "core/delay/exchange_path.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/time_scale.hpp"

namespace seamark {

/// A layer of a band: where on the path it is.
struct DelayColumn {
    DelayLayer layer = DelayLayer::kSender;
    std::uint32_t leg = 0;    // in the path, from 0, the server's first
    std::uint32_t point = 0;  // of kHop
    std::uint32_t again = 0;  // a second share of one layer in an event (a compressor's rest, then
                              // that of a TLS record) is a column of its own
    std::string at = {};      // "proxy at 192.0.2.3:80"
};

/// One event of a band, or one chunk.
struct DelayRow {
    EventDelay delay;
    std::vector<std::size_t> columns;  // of the band, by share
    ByteRange bytes;  // of the stream whose lanes are drawn, from its first to its last byte
    BodyRange body;   // of the body on that leg

    /// From when the event before it was written to when this one could be read, or was, if its
    /// parts follow each other; ns since 1970.
    TimeSpan when() const { return {delay.begin, delay.begin + delay.total}; }
};

/// Where the time of the events of one response went (of its chunks with data, if it has no
/// events), as the pictures draw it over time.
struct DelayBand {
    bool events = true;                 // else chunks
    std::uint32_t exchange = 0;         // on the leg that is drawn
    std::vector<DelayRow> rows;         // in order; at least one
    std::vector<DelayColumn> columns;   // in the order of the path
    std::vector<std::string> titles;    // of each row: a sentence with every share
    std::vector<std::string> verdict;   // which layer held them, in sentences, as in the table
    std::vector<std::string> clocks;    // of points of capture, likewise
    std::vector<std::string> not_seen;  // layers, likewise

    /// Whether a column has time in any row.
    bool has_time(std::size_t column) const;
};

/// The bands of a capture's pictures. Paths are found once; the times of a response are read
/// whenever it is asked for. Rows and verdicts are those of -z seamark,latency, of the events whose
/// last byte the picture has. A response that has neither events nor two such chunks has no band.
/// Borrows the entries and the pairs, which must stay as they are.
class DelayBands {
  public:
    /// None of any response.
    DelayBands() = default;
    /// entries: of the whole capture, by stream. legs: likewise; null: pairs are not judged.
    DelayBands(const std::vector<CaptureEntry>& entries, const LegPairs* legs);
    DelayBands(std::vector<CaptureEntry>&& entries, const LegPairs* legs) = delete;

    /// Of the responses in a direction of which this is a leg, in their order.
    std::vector<DelayBand> of(const Lanes& lanes) const;
    /// Of the response of two legs; bytes and body are those of the leg to the client. At most one.
    std::vector<DelayBand> of(const StackedLegs& stack) const;

  private:
    struct Place {
        std::size_t path;
        std::size_t leg;
    };
    template <typename Shown>
    std::optional<DelayBand> read(const Place& place, Shown shown) const;

    const std::vector<CaptureEntry>* entries_ = nullptr;
    std::vector<ExchangePath> paths_;
    std::map<Leg, Place> by_leg_;
    // In order of their messages, by the connection whose segments carry them.
    std::map<std::pair<const Connection*, Side>, std::vector<Place>> by_direction_;
};

/// The class of the pictures' style sheet that has a layer's colour: that of the lane which shows
/// the layer, where there is one.
std::string_view look_of(DelayLayer layer);
/// "proxy", "wire eth0 to eth1": what stands in a share, as far as there is room.
std::string_view name_of(const DelayColumn& column);
/// The sentences of the verdicts of some bands, of many the first, each with its exchange if there
/// are several; then how many more responses there are.
std::vector<std::string> verdict_lines(const std::vector<DelayBand>& bands);
/// The same in lines that are not wider than a picture, beginning with what they are about.
std::vector<std::string> wrapped_verdict(const std::vector<DelayBand>& bands);

}  // namespace seamark
