// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/call_lane.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace seamark::call_lane_test {
namespace {

constexpr std::uint64_t kLargest = ~std::uint64_t{0};

constexpr CallRange calls(std::uint64_t begin, std::uint64_t end) {
    return {CallOffset{begin}, CallOffset{end}};
}

IoEvent write(std::uint64_t offset, std::int64_t taken) {
    IoEvent event;
    event.flags = EventFlags::kOffsetKnown;
    event.offset = offset;
    event.returned = taken;
    return event;
}

std::vector<CallRange> ranges(const CallLane& lane) {
    std::vector<CallRange> found;
    lane.each(kAllCalls, [&](CallRange range, const CallRecord&) { found.push_back(range); });
    return found;
}

TEST(CallLane, KeepsOfTwoCallsThatClaimAByteTheFirstRecorded) {
    CallLane lane;
    EXPECT_TRUE(lane.add(write(10, 10), FrameNumber{1}));
    EXPECT_FALSE(lane.add(write(19, 2), FrameNumber{2}));
    EXPECT_FALSE(lane.add(write(0, 11), FrameNumber{3}));
    EXPECT_TRUE(lane.add(write(0, 10), FrameNumber{4}));
    EXPECT_TRUE(lane.add(write(20, 1), FrameNumber{5}));
    EXPECT_EQ(ranges(lane), (std::vector<CallRange>{calls(0, 10), calls(10, 20), calls(20, 21)}));
}

/// Found by io_event_fuzzer: a call that had no bytes was in the lane.
TEST(CallLane, TakesNoCallBehindTheLargestOffset) {
    CallLane lane;
    EXPECT_FALSE(lane.add(write(kLargest, 3), FrameNumber{1}));
    EXPECT_TRUE(lane.empty());
    EXPECT_TRUE(lane.add(write(kLargest - 1, 3), FrameNumber{2}));
    EXPECT_EQ(ranges(lane), (std::vector<CallRange>{calls(kLargest - 1, kLargest)}));
}

TEST(CallLane, TakesACallOutIfItIsThatOfTheFrame) {
    CallLane lane;
    ASSERT_TRUE(lane.add(write(0, 10), FrameNumber{1}));
    lane.remove(CallOffset{0}, FrameNumber{2});
    lane.remove(CallOffset{5}, FrameNumber{1});
    EXPECT_EQ(lane.size(), 1u);
    lane.remove(CallOffset{0}, FrameNumber{1});
    EXPECT_TRUE(lane.empty());
    EXPECT_TRUE(lane.add(write(5, 1), FrameNumber{3}));
}

TEST(CallLane, TellsTheFirstCallOfARange) {
    CallLane lane;
    EXPECT_EQ(lane.first(calls(0, kLargest)), nullptr);
    ASSERT_TRUE(lane.add(write(10, 10), FrameNumber{1}));
    ASSERT_TRUE(lane.add(write(30, 10), FrameNumber{2}));
    EXPECT_EQ(lane.first(calls(0, kLargest))->event, FrameNumber{1});
    EXPECT_EQ(lane.first(calls(19, 31))->event, FrameNumber{1});
    EXPECT_EQ(lane.first(calls(20, 31))->event, FrameNumber{2});
    EXPECT_EQ(lane.first(calls(20, 30)), nullptr);
    EXPECT_EQ(lane.first(calls(15, 15)), nullptr);
    EXPECT_EQ(lane.first(calls(40, kLargest)), nullptr);
}

TEST(CallLane, TakesNoCallThatMovedNothingOrWhoseBytesAreNotKnown) {
    CallLane lane;
    EXPECT_FALSE(lane.add(write(0, 0), FrameNumber{1}));
    EXPECT_FALSE(lane.add(write(0, -1), FrameNumber{2}));
    IoEvent somewhere = write(0, 5);
    somewhere.flags = 0;
    EXPECT_FALSE(lane.add(somewhere, FrameNumber{3}));
    EXPECT_TRUE(lane.empty());
}

/// Nearly every lane is empty: it answers without having anything.
TEST(CallLane, OfNothingKnowsNothing) {
    CallLane lane;
    lane.remove(CallOffset{0}, FrameNumber{1});
    EXPECT_EQ(lane.options_at(1).congestion, 0u);
    EXPECT_EQ(lane.congestion_name(1), "");
    EXPECT_TRUE(ranges(lane).empty());
    IoEvent named = write(0, 5);
    named.congestion = "bbr";
    named.left = 10;
    lane.note_options(named);
    EXPECT_EQ(lane.congestion_name(lane.options_at(20).congestion), "bbr");
}

}  // namespace
}  // namespace seamark::call_lane_test
