// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/proxy/leg_pairs.hpp"

namespace seamark {

/// Captured bytes of a body that one frame carried on a leg.
struct LegRun {
    BodyRange body;
    ByteRange stream;
    FrameNumber frame = FrameNumber::kNone;
    std::int64_t time = 0;  // of capture, ns since 1970
};
/// Appends the runs of a leg that lie in range, in order of body offset. Its body must be watched.
void append_runs(const Leg& leg, BodyRange range, std::vector<LegRun>& out);

/// Bytes of a body that one frame carried on each leg.
struct MatchedRun {
    LegRun upstream;
    LegRun downstream;  // of the same body range
    /// From its capture upstream to that downstream, ns. Negative: the two do not fit.
    std::int64_t held() const { return downstream.time - upstream.time; }
};
/// Bytes of range that were captured on both legs, in order. Empty where the bodies do not match.
std::vector<MatchedRun> match(const LegPair& pair, BodyRange range);

/// What one leg has of a range of the body: each once, ascending.
struct Counterpart {
    std::vector<std::uint32_t> chunks;  // numbers in the message, from 1
    std::vector<std::uint64_t> writes;  // from events, or from tags where there are none
    std::vector<FrameNumber> frames;
};
Counterpart counterpart(const Leg& leg, BodyRange range);

/// How long the bytes of a range were between the legs.
struct Hold {
    std::int64_t longest = 0;   // ns
    std::int64_t shortest = 0;  // ns
    std::uint64_t bytes = 0;    // captured on both legs
};
/// Empty where no byte was captured on both legs, or one left before it came.
std::optional<Hold> hold(const std::vector<MatchedRun>& runs);

/// True unless captured bytes near range are known to differ: for use before the end of a capture.
bool agrees(const LegPair& pair, BodyRange range);

}  // namespace seamark
