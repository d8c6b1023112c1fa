// SPDX-License-Identifier: GPL-2.0-or-later
//
// Offsets of one system do not mix with those of another, or with plain numbers: what must not
// compile is asked of the compiler.
#include "core/base/offset.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "core/stream/call_lane.hpp"
#include "core/stream/stream.hpp"

namespace seamark::offset_test {
namespace {

template <typename A, typename B>
concept Compared = requires(A a, B b) {
    a < b;
};
template <typename A, typename B>
concept Subtracted = requires(A a, B b) {
    a - b;
};
template <typename A, typename B>
concept Added = requires(A a, B b) {
    a + b;
};
template <typename A, typename B>
concept Intersected = requires(A a, B b) {
    intersect(a, b);
};

template <typename A, typename B>
constexpr bool mixes() {
    return std::is_convertible_v<A, B> || std::is_convertible_v<B, A> ||
           std::is_assignable_v<A&, B> || Compared<A, B> || Subtracted<A, B>;
}

static_assert(!mixes<PublicOffset, CallOffset>());
static_assert(!mixes<PublicOffset, BodyOffset>());
static_assert(!mixes<CallOffset, BodyOffset>());
static_assert(!mixes<StreamOffset, PublicOffset>());
static_assert(!mixes<StreamOffset, CallOffset>());
static_assert(!mixes<StreamOffset, BodyOffset>());
// A length can be added to an offset and taken from it; it is none, and no offset is a number.
template <typename At>
constexpr bool is_number() {
    return std::is_convertible_v<At, std::uint64_t> || std::is_convertible_v<std::uint64_t, At> ||
           std::is_convertible_v<int, At> || std::is_assignable_v<At&, std::uint64_t> ||
           std::is_assignable_v<std::uint64_t&, At> || std::is_constructible_v<std::uint64_t, At> ||
           Compared<At, std::uint64_t> || Subtracted<std::uint64_t, At> || Added<At, At>;
}
static_assert(!is_number<StreamOffset>());
static_assert(!is_number<PublicOffset>());
static_assert(!is_number<CallOffset>());
static_assert(!is_number<BodyOffset>());

static_assert(!std::is_convertible_v<ByteRange, CallRange>);
static_assert(!std::is_convertible_v<ByteRange, BodyRange>);
static_assert(!Intersected<ByteRange, BodyRange>);
static_assert(!Intersected<ByteRange, CallRange>);
template <typename Range, typename At>
concept Contains = requires(Range range, At at) {
    range.contains(at);
};
template <typename A, typename B>
concept Overlaps = requires(A a, B b) {
    a.overlaps(b);
};
static_assert(Contains<ByteRange, StreamOffset> && Overlaps<ByteRange, ByteRange>);
static_assert(!Contains<ByteRange, PublicOffset> && !Contains<ByteRange, std::uint64_t>);
static_assert(!Overlaps<ByteRange, BodyRange> && !Overlaps<ByteRange, CallRange>);
static_assert(!Intersected<CallRange, BodyRange>);
static_assert(Intersected<BodyRange, BodyRange>);

// The conversions that there are have names.
template <typename Range>
concept PositionOf = requires(const Stream& stream, Range range) {
    stream.position(range);
};
template <typename Range>
concept FirstCallOf = requires(const CallLane& lane, Range range) {
    lane.first(range);
};
static_assert(PositionOf<CallRange> && !PositionOf<ByteRange> && !PositionOf<BodyRange>);
static_assert(FirstCallOf<CallRange> && !FirstCallOf<ByteRange>);
template <typename At>
concept PublicOf = requires(const Stream& stream, At at) {
    stream.public_offset(at);
};
static_assert(!PublicOf<PublicOffset> && !PublicOf<std::uint64_t> && !PublicOf<CallOffset>);
static_assert(std::same_as<decltype(std::declval<const Stream&>().public_offset(StreamOffset{})),
                           PublicOffset>);

static_assert(sizeof(BodyOffset) == sizeof(std::uint64_t));
static_assert(sizeof(ByteRange) == 2 * sizeof(std::uint64_t));
static_assert(std::is_trivially_copyable_v<StreamOffset>);
static_assert(std::is_trivially_copyable_v<CallRange>);

TEST(Offset, CountsInItsOwnSystem) {
    constexpr BodyOffset at{7};
    EXPECT_EQ(at + 3, BodyOffset{10});
    EXPECT_EQ((at + 3) - at, 3U);
    EXPECT_EQ(at - 7, BodyOffset{});
    EXPECT_LT(at, at + 1);
    EXPECT_EQ(saturating_add(BodyOffset{~std::uint64_t{1}}, 5), BodyOffset{~std::uint64_t{0}});
}

TEST(Offset, RangesShareWhatLiesInBoth) {
    constexpr CallRange a{CallOffset{2}, CallOffset{8}};
    constexpr CallRange b{CallOffset{5}, CallOffset{12}};
    EXPECT_EQ(intersect(a, b), (CallRange{CallOffset{5}, CallOffset{8}}));
    EXPECT_EQ(intersect(a, b).length(), 3U);
    EXPECT_TRUE(intersect(a, CallRange{CallOffset{8}, CallOffset{9}}).empty());
}

TEST(Offset, RangesAreHalfOpen) {
    constexpr ByteRange a{StreamOffset{2}, StreamOffset{8}};
    EXPECT_TRUE(a.contains(StreamOffset{2}));
    EXPECT_TRUE(a.contains(StreamOffset{7}));
    EXPECT_FALSE(a.contains(StreamOffset{8}));
    EXPECT_FALSE(a.contains(StreamOffset{1}));
    EXPECT_TRUE(a.overlaps({StreamOffset{7}, StreamOffset{9}}));
    EXPECT_FALSE(a.overlaps({StreamOffset{8}, StreamOffset{9}}));
    EXPECT_FALSE(a.overlaps({StreamOffset{0}, StreamOffset{2}}));
}

}  // namespace
}  // namespace seamark::offset_test
