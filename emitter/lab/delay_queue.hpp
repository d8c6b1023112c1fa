// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <random>

namespace seamark::lab {

/// One direction of a cable, as times: when a packet that enters now leaves at the other end, or
/// that it is lost. Pure: the clock is the caller's, in ns.
///
/// The rate is that of a wire: a packet leaves once its last bit is through and the delay over, and
/// the next one waits for it. A packet that is to be overtaken is held half a delay longer. Which
/// packets are lost or held depends on the seed and on how many came before, nothing else.
class DelayQueue {
  public:
    struct Nature {
        std::int64_t delay = 0;  ///< ns
        std::uint64_t rate = 0;  ///< bit/s; 0: any
        double loss = 0;         ///< of packets with data, 0 to 1
        double reorder = 0;      ///< the same
        std::uint64_t seed = 1;
    };
    explicit DelayQueue(const Nature& nature) : nature_(nature), random_(nature.seed) {}

    /// `size` is the packet's in bytes. Of packets without data none is lost or held.
    std::optional<std::int64_t> leaves_at(std::int64_t now, std::size_t size, bool has_data) {
        const bool lost = has_data && chosen(nature_.loss);
        const bool held = has_data && chosen(nature_.reorder);
        if (nature_.rate > 0) {
            if (free_at_ < now) free_at_ = now;
            free_at_ += static_cast<std::int64_t>(static_cast<double>(size) * 8e9 /
                                                  static_cast<double>(nature_.rate));
            now = free_at_;
        }
        if (lost) return std::nullopt;
        return now + nature_.delay + (held ? nature_.delay / 2 : 0);
    }

  private:
    /// The engine's own numbers: the standard's distributions differ between libraries.
    bool chosen(double share) {
        return share > 0 && static_cast<double>(random_()) / 18446744073709551616.0 < share;
    }

    Nature nature_;
    std::mt19937_64 random_;
    std::int64_t free_at_ = 0;  ///< when the wire is free
};

}  // namespace seamark::lab
