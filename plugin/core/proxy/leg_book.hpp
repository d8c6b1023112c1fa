// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "core/proxy/leg_pairs.hpp"

namespace seamark {

/// The pairs of legs as they can be determined now. Once the capture has ended all are judged
/// together; before, exchanges are paired by ids alone, those of one id at a time.
class LegBook {
  public:
    LegIndex& index() { return index_; }
    const LegIndex& index() const { return index_; }

    /// The capture has ended. Judges anew where reading went on since the last time.
    void finish();
    /// Reading goes on.
    void reopen() { final_.reset(); }

    /// Null where there is none (yet). Valid until reading goes on.
    const LegPair* by_downstream(const Leg& leg) {
        const LegPairs* pairs = judged(leg);
        return pairs != nullptr ? pairs->by_downstream(leg) : nullptr;
    }
    const LegPair* by_upstream(const Leg& leg) {
        const LegPairs* pairs = judged(leg);
        return pairs != nullptr ? pairs->by_upstream(leg) : nullptr;
    }
    /// Why a leg is not paired, where there is something to say; known at the end only.
    std::optional<LegDoubt> doubt(const Leg& leg) const;
    /// Known once finish() was called.
    const LegPairs* final() const { return final_ ? &*final_ : nullptr; }

  private:
    struct SoFar {
        std::size_t legs;  // that were judged
        LegPairs pairs;
    };
    const LegPairs* judged(const Leg& leg);

    LegIndex index_;
    std::optional<LegPairs> final_;
    std::unordered_map<std::uint64_t, SoFar> so_far_;  // by id
};

}  // namespace seamark
