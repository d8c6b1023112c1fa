// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/lanes/lanes.hpp"
#include "core/proxy/leg_match.hpp"

namespace seamark {

/// What a piece of a lane has of a body.
struct BodyPiece {
    BodyRange bytes;
    std::size_t piece = 0;  // index in its lane
    BodyRange range() const { return bytes; }
};
using BodyLane = std::vector<BodyPiece>;

/// The lanes of one leg, by positions in its body. Heads, size lines and line ends have none;
/// a call or a segment counts with the body bytes that it has.
struct LegLanes {
    explicit LegLanes(Lanes of) : lanes(std::move(of)) {}

    Lanes lanes;
    std::vector<BodyLane> body;    // of each of the lanes; none of one that is computed
    std::vector<BodyRange> shown;  // in order; they do not touch
    std::uint32_t exchange = 0;
};

/// Two legs of one exchange, one above the other.
struct StackedLegs {
    const LegPair* pair = nullptr;
    LegLanes upstream;
    LegLanes downstream;
    // Where the bodies match, both legs show the same ranges, and held says when their bytes came
    // and left: BodyPiece::piece counts in runs, each of what one frame carried on either leg (with
    // the framing that stands in between). Empty where they do not match, or where a byte
    // left before it came: then the clocks of the two captures differ, and no time is reported.
    BodyLane held;
    std::vector<MatchedRun> runs;
    bool clocks_differ = false;

    bool matched() const { return pair->match == BodyMatch::kSame; }
    /// How long the bytes of a range were held, as far as it is known.
    std::optional<Hold> held_of(BodyRange range) const;
};

/// The pairs in which a message of the chosen lanes is a leg, in order of the lanes. entries, legs:
/// of the whole capture, which the result borrows; legs null: there are none. Of a pair whose bodies match, the chosen bytes of
/// either leg are shown on both; else those chosen of each leg, or all where none was.
std::vector<StackedLegs> stack_legs(const std::vector<CaptureEntry>& entries,
                                    const std::vector<Lanes>& chosen, const LegPairs* legs);

/// Body bytes between two neighbouring boundaries: of each lane of a table the index in it, or none.
struct BodyRow {
    static constexpr std::size_t kNone = ~std::size_t{0};
    BodyRange range;
    std::vector<std::size_t> places;
};
/// The shown bytes, cut at every boundary of the lanes, in order.
std::vector<BodyRow> body_rows(const std::vector<BodyRange>& shown,
                               const std::vector<const BodyLane*>& lanes);

}  // namespace seamark
