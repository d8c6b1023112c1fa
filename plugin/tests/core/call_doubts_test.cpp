// SPDX-License-Identifier: GPL-2.0-or-later
//
// Recorded calls whose offsets something is against: bytes that no recorded call sent, or a byte
// that was captured before its call.
#include "core/stream/call_doubts.hpp"

#include <gtest/gtest.h>

#include "core/stream/contradiction.hpp"
#include "support/scripted_connection.hpp"

namespace seamark::call_doubts_test {
namespace {

using test::kMicro;
using test::kServer;
using test::ScriptedConnection;

IoEvent unseen(std::uint64_t offset, std::int64_t bytes, std::int64_t from, std::int64_t to,
               std::uint32_t flags) {
    IoEvent event;
    event.kind = EventKind::kUnseenWrite;
    event.offset = offset;
    event.returned = bytes;
    event.flags = flags;
    event.entered = from * kMicro;
    event.left = to * kMicro;
    return event;
}

std::vector<std::uint64_t> indices(const ScriptedConnection& scripted) {
    std::vector<std::uint64_t> found;
    scripted.connection.stream(kServer).writes().each(
        kAllCalls, [&](CallRange, const CallRecord& call) { found.push_back(call.index); });
    return found;
}

using Indices = std::vector<std::uint64_t>;
constexpr FrameNumber kEvent{900};

/// The recorder found 20 bytes more at 70 ms than at 50 ms; writes take 5 µs.
TEST(CallDoubts, ACallAtTheTimeOfUnseenBytesIsNotJoinedWhicheverComesFirst) {
    for (const bool event_first : {true, false}) {
        ScriptedConnection scripted;
        const auto note = [&] {
            scripted.connection.add_event(
                kServer, unseen(scripted.begin + 96, 20, 50'005, 70'000, EventFlags::kAmbiguous),
                kEvent);
        };
        if (event_first) note();
        scripted.write(0, 32, 50'000, {});
        scripted.write(32, 32, 60'000, {});
        scripted.write(64, 32, 69'999, {});
        scripted.write(116, 32, 70'000, {});
        if (!event_first) note();
        EXPECT_EQ(indices(scripted), (Indices{1, 4})) << (event_first ? "before" : "after");
        const CallDoubts& doubts = *scripted.connection.stream(kServer).writes().doubts();
        EXPECT_EQ(doubts.uncertain().calls, 2u);
        EXPECT_EQ(doubts.contradicted().calls, 0u);
        EXPECT_EQ(doubts.unseen(), 20u);
        EXPECT_EQ(doubts.first_unseen(), kEvent);
    }
}

TEST(CallDoubts, UnseenBytesWithAnOffsetDoubtNoCall) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {});
    scripted.connection.add_event(
        kServer, unseen(scripted.begin + 32, 20, 50'000, 70'000, EventFlags::kOwnOffsetKnown),
        kEvent);
    scripted.write(52, 32, 60'000, {});
    EXPECT_EQ(indices(scripted), (Indices{1, 2}));
    EXPECT_EQ(scripted.connection.stream(kServer).writes().doubts()->unseen(), 20u);
}

TEST(CallDoubts, PeriodsMergeAndStayApart) {
    CallDoubts doubts;
    doubts.note_period(10, 20);
    doubts.note_period(40, 50);
    doubts.note_period(5, 12);
    doubts.note_period(60, 60);
    const auto is_sure = [&](std::int64_t entered, std::int64_t left) {
        return doubts.judge(CallOffset{0}, entered, left) == Unplaced::kNo;
    };
    EXPECT_TRUE(is_sure(0, 5));
    EXPECT_FALSE(is_sure(0, 6));
    EXPECT_FALSE(is_sure(19, 30));
    EXPECT_TRUE(is_sure(20, 40));
    EXPECT_FALSE(is_sure(15, 45));
    EXPECT_FALSE(is_sure(0, 100));
    EXPECT_TRUE(is_sure(50, 100));
    doubts.note_period(20, 40);
    EXPECT_FALSE(is_sure(20, 40));
}

/// A byte on the wire before its write: the writes from there on are no evidence.
TEST(CallDoubts, AByteCapturedBeforeItsCallEndsTheJoin) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.state = test::open_state(32)});
    scripted.data(0, 64, 55'000);  // 32 bytes of it were sent by another call
    scripted.write(32, 32, 60'000, {.state = test::open_state(32)});
    scripted.write(64, 32, 70'000, {});
    scripted.data(64, 64, 75'000);
    EXPECT_EQ(indices(scripted), (Indices{1}));
    const CallDoubts& doubts = *scripted.connection.stream(kServer).writes().doubts();
    ASSERT_TRUE(doubts.contradiction().has_value());
    EXPECT_EQ(doubts.contradiction()->from, CallOffset{scripted.begin + 32u});
    EXPECT_EQ(doubts.contradicted().calls, 2u);
}

/// The same where the events stand in front of the packets.
TEST(CallDoubts, ASegmentThatCameBeforeItsCallIsAContradictionWhereverTheEventStands) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {});
    scripted.write(32, 32, 60'000, {});
    scripted.write(64, 32, 70'000, {});
    scripted.data(0, 64, 55'000);
    EXPECT_EQ(indices(scripted), (Indices{1}));
    scripted.write(96, 32, 80'000, {});
    EXPECT_EQ(indices(scripted), (Indices{1})) << "none is joined any more";
}

TEST(CallDoubts, AMomentThatTheCaptureCannotTellApartIsNoContradiction) {
    EXPECT_FALSE(is_before(1'000'123, 1'000'123));
    EXPECT_TRUE(is_before(1'000'123, 1'000'124));
    EXPECT_FALSE(is_before(5'123'000, 5'123'999)) << "cut to microseconds";
    EXPECT_TRUE(is_before(5'123'000, 5'124'000));
    EXPECT_FALSE(is_before(5'000'000, 5'999'999)) << "cut to milliseconds";
    EXPECT_TRUE(is_before(5'000'000, 6'000'000));
    EXPECT_FALSE(is_before(7'000'000, 5'000'000));
}

TEST(CallDoubts, AReadIsNoWrite) {
    ScriptedConnection scripted;
    scripted.data(0, 64, 55'000);
    scripted.read(0, 64, 64, 56'000);
    scripted.read(64, 64, 64, 57'000);
    scripted.data(64, 64, 58'000);
    EXPECT_EQ(scripted.connection.stream(kServer).reads().size(), 2u);
}

}  // namespace
}  // namespace seamark::call_doubts_test
