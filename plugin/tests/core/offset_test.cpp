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

namespace seamark {
namespace {

template <typename A, typename B>
concept Compared = requires(A a, B b) { a < b; };
template <typename A, typename B>
concept Subtracted = requires(A a, B b) { a - b; };
template <typename A, typename B>
concept Intersected = requires(A a, B b) { intersect(a, b); };

template <typename A, typename B>
constexpr bool mixes() {
    return std::is_convertible_v<A, B> || std::is_convertible_v<B, A> ||
           std::is_assignable_v<A&, B> || Compared<A, B> || Subtracted<A, B>;
}

static_assert(!mixes<PublicOffset, CallOffset>());
static_assert(!mixes<PublicOffset, BodyOffset>());
static_assert(!mixes<CallOffset, BodyOffset>());
// A position is a plain number: it is none of the others.
static_assert(!std::is_convertible_v<StreamOffset, PublicOffset>);
static_assert(!std::is_convertible_v<StreamOffset, CallOffset>);
static_assert(!std::is_convertible_v<StreamOffset, BodyOffset>);
static_assert(!std::is_convertible_v<PublicOffset, StreamOffset>);
static_assert(!std::is_convertible_v<CallOffset, StreamOffset>);
static_assert(!std::is_convertible_v<BodyOffset, StreamOffset>);
static_assert(!Compared<PublicOffset, StreamOffset>);

static_assert(!std::is_convertible_v<ByteRange, CallRange>);
static_assert(!std::is_convertible_v<ByteRange, BodyRange>);
static_assert(!Intersected<ByteRange, BodyRange>);
static_assert(!Intersected<CallRange, BodyRange>);
static_assert(Intersected<BodyRange, BodyRange>);

// The conversions that there are have names.
template <typename Range>
concept PositionOf = requires(const Stream& stream, Range range) { stream.position(range); };
template <typename Range>
concept FirstCallOf = requires(const CallLane& lane, Range range) { lane.first(range); };
static_assert(PositionOf<CallRange> && !PositionOf<ByteRange> && !PositionOf<BodyRange>);
static_assert(FirstCallOf<CallRange> && !FirstCallOf<ByteRange>);
static_assert(std::same_as<decltype(std::declval<const Stream&>().public_offset(StreamOffset{})),
                           PublicOffset>);

static_assert(sizeof(BodyOffset) == sizeof(std::uint64_t));
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

}  // namespace
}  // namespace seamark
