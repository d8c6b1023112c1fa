// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/delay/delay_reader.hpp"
#include "core/delay/delay_summary.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// "application", "stack": a value of seamark.latency.layer and of JSON, which does not change once
/// shipped.
std::string_view to_string(DelayLayer layer);

namespace words {

/// Whose connections are whose; borrows what it is made of.
class DelayPlaces {
  public:
    DelayPlaces(const std::vector<CaptureEntry>& entries, const ExchangePath& path);
    DelayPlaces(std::vector<CaptureEntry>&& entries, const ExchangePath& path) = delete;

    const CaptureEntry& entry(std::size_t leg) const { return *entries_[leg]; }
    /// The end at which a layer is: the sender's or the receiver's of its leg, or the proxy's
    /// towards its client.
    const SocketAddress& end(DelayLayer layer, std::size_t leg) const;
    const ExchangePath& path() const { return *path_; }
    /// The name of a point of capture of a leg; printable ASCII. Precondition: the leg has it.
    std::string interface(std::size_t leg, std::size_t point) const;

  private:
    const ExchangePath* path_;
    std::vector<const CaptureEntry*> entries_;  // by leg
};

/// "wire eth0 to eth1": between a point of capture of a leg and the next one.
std::string hop(const DelayPlaces& places, std::size_t leg, std::size_t point);
/// "application at 192.0.2.1:80", "proxy at 192.0.2.3:8080", "wire eth0 to eth1 from 192.0.2.1:80".
/// point: of kHop, as in DelayShare.
std::string layer_at(const DelayPlaces& places, DelayLayer layer, std::size_t leg,
                     std::size_t point = 0);
/// "467.000 of 498.000 ms in the proxy at 192.0.2.3:80 (known)"; of: ns of which the share is a
/// part. kept: a compressor kept events, so that it is part of what is above it.
std::string held(const DelayPlaces& places, const DelayShare& share, std::int64_t of,
                 bool kept = false);
/// "sender 30.287 ms, wire 0.000 ms, proxy 5.000 ms": each share of an event, and whether times run
/// back or its compressor kept it.
std::string shares(const DelayPlaces& places, const EventDelay& delay);
/// What the events of a message are held by, and how many of them, in sentences.
std::vector<std::string> verdict(const DelayPlaces& places, const DelayVerdict& verdict);
/// What is known of the clocks of the points that legs were captured at, a sentence for each hop:
/// "clock of eth1 is 37.012 ms ahead of that of eth0, at most 0.150 ms off ..."
std::vector<std::string> clocks(const DelayPlaces& places);
/// The layers that the capture shows only as a part of another one, or not at all.
std::vector<std::string> unseen(const DelayPlaces& places, const DelayReader& reader);

}  // namespace words
}  // namespace seamark
