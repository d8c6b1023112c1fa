// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/stream/stream.hpp"

namespace seamark::test {

/// A segment of one direction, as a test makes it up. Positions count from the byte after the SYN.
struct MadeSegment {
    std::uint64_t begin = 0;
    std::string bytes;
    unsigned frame = 0;
};

/// What the core makes of segments that are captured in this order, after a SYN, and then no more:
///
///     200 chunked 0+47 at 62 !missing-bytes
///       5;w=1 @47 1:10 tail 2 ended
///
/// a line a message (status of a response; framing; head as begin+length; body's length where
/// known; "ended" where the framing found the end; where and why it was ended otherwise), a line a
/// chunk (size line, position, frame:bytes, bytes after the data, "ended"). Faults that end
/// nothing are left out.
std::string core_reading(const std::vector<MadeSegment>& segments,
                         const std::vector<Method>& requests = {});

/// The same, by DESIGN.md's rules written down in the plainest way: a map of bytes, -1 for a hole,
/// and a descent over it. It shares with the core only the decision what a head says about its
/// body.
std::string model_reading(const std::vector<MadeSegment>& segments,
                          const std::vector<Method>& requests = {});

/// The first invariant of a stream's lanes and pieces that does not hold; empty when all do:
/// runs never overlap, pieces never do and stay in their run, every captured byte of a chunk is in
/// exactly one piece of that chunk, and a byte of a head or body in exactly one of its message.
std::string broken_invariant(const Stream& stream);

}  // namespace seamark::test
