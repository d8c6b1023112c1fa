// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace seamark {

/// Position of a byte in one direction of a TCP connection, from 0. Inside a Stream positions are
/// biased (see SequenceUnwrapper); what leaves through Stream::public_offset() is not.
using StreamOffset = std::uint64_t;

/// Number of a captured frame, from 1, as Wireshark counts. 0: no frame.
enum class FrameNumber : std::uint32_t { kNone = 0 };

/// A TCP sequence number as it stands in a header (RFC 9293 section 3.4): modulo 2^32.
enum class RawSequence : std::uint32_t {};

/// Half-open range of stream offsets. end >= begin; empty when they are equal.
struct ByteRange {
    StreamOffset begin = 0;
    StreamOffset end = 0;

    constexpr std::uint64_t length() const { return end - begin; }
    constexpr bool empty() const { return end <= begin; }
    constexpr bool contains(StreamOffset at) const { return begin <= at && at < end; }
    constexpr bool overlaps(ByteRange other) const {
        return begin < other.end && other.begin < end;
    }
    friend constexpr bool operator==(ByteRange, ByteRange) = default;
};

/// What two ranges share; empty (at some position) when they share nothing.
constexpr ByteRange intersect(ByteRange a, ByteRange b) {
    const StreamOffset begin = std::max(a.begin, b.begin);
    return {begin, std::max(begin, std::min(a.end, b.end))};
}

/// begin + length, held at the largest offset: a peer may announce 2^64-1 bytes.
constexpr StreamOffset saturating_add(StreamOffset begin, std::uint64_t length) {
    constexpr auto kMax = std::numeric_limits<StreamOffset>::max();
    return length > kMax - begin ? kMax : begin + length;
}

}  // namespace seamark
