// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>

namespace seamark {

/// Position of a byte in one coordinate system, from 0. Each system is a type of its own, so that
/// mixing two does not compile; a plain number becomes one only where it is named.
template <typename Space>
struct Offset {
    std::uint64_t value = 0;

    /// After every byte that there can be.
    static constexpr Offset max() { return Offset{std::numeric_limits<std::uint64_t>::max()}; }

    constexpr Offset() = default;
    constexpr explicit Offset(std::uint64_t number) : value(number) {}

    friend constexpr auto operator<=>(Offset, Offset) = default;
    friend constexpr Offset operator+(Offset at, std::uint64_t bytes) {
        return Offset{at.value + bytes};
    }
    friend constexpr Offset operator-(Offset at, std::uint64_t bytes) {
        return Offset{at.value - bytes};
    }
    constexpr Offset& operator+=(std::uint64_t bytes) {
        value += bytes;
        return *this;
    }
    constexpr Offset& operator-=(std::uint64_t bytes) {
        value -= bytes;
        return *this;
    }
    constexpr Offset& operator++() { return *this += 1; }
    /// Bytes from `from` to `to`. Precondition: from <= to.
    friend constexpr std::uint64_t operator-(Offset to, Offset from) {
        return to.value - from.value;
    }
};

/// begin + length, held at the largest offset: a peer may announce 2^64-1 bytes.
template <typename Space>
constexpr Offset<Space> saturating_add(Offset<Space> begin, std::uint64_t length) {
    constexpr auto kMax = Offset<Space>::max();
    return length > kMax - begin ? kMax : begin + length;
}

/// Half-open range of offsets. end >= begin; empty when they are equal.
template <typename Space>
struct OffsetRange {
    Offset<Space> begin = {};
    Offset<Space> end = {};

    constexpr std::uint64_t length() const { return end - begin; }
    constexpr bool empty() const { return end <= begin; }
    constexpr bool contains(Offset<Space> at) const { return begin <= at && at < end; }
    constexpr bool overlaps(OffsetRange other) const {
        return begin < other.end && other.begin < end;
    }
    friend constexpr bool operator==(OffsetRange, OffsetRange) = default;
};

/// What two ranges share; empty (at some offset) when they share nothing.
template <typename Space>
constexpr OffsetRange<Space> intersect(OffsetRange<Space> a, OffsetRange<Space> b) {
    const auto begin = std::max(a.begin, b.begin);
    return {begin, std::max(begin, std::min(a.end, b.end))};
}

/// Position of a byte in one direction of a TCP connection. Inside a Stream positions are biased
/// (see SequenceUnwrapper): what people are shown is made of one by Stream::public_offset().
using StreamOffset = Offset<struct StreamSpace>;
using ByteRange = OffsetRange<struct StreamSpace>;

/// What people are shown: counted from the byte after the SYN, or, where no SYN was captured, from
/// the lowest sequence number of captured payload. Stream::public_offset() makes one of a position.
using PublicOffset = Offset<struct PublicSpace>;

/// What a recorder counts: from the first byte of the connection. Stream::position() makes
/// positions of a range of them.
using CallOffset = Offset<struct CallSpace>;
using CallRange = OffsetRange<struct CallSpace>;
inline constexpr CallRange kAllCalls{CallOffset{0}, CallOffset::max()};

/// In the body of one message, with chunk framing taken off and before any content coding is
/// undone. BodyMap makes positions of them, and back.
using BodyOffset = Offset<struct BodySpace>;
using BodyRange = OffsetRange<struct BodySpace>;

/// In the data of one message, its content codings undone (RFC 9110 section 8.4). Where there is
/// none it counts as BodyOffset does.
using DataOffset = Offset<struct DataSpace>;
using DataRange = OffsetRange<struct DataSpace>;

}  // namespace seamark
