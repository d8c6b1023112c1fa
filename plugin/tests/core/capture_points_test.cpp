// SPDX-License-Identifier: GPL-2.0-or-later
//
// Packets that were captured at several interfaces: copies, the order of the points, and the offset
// of their clocks. Times in microseconds. The long way, through tshark, is check_points.py.
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/tcp/capture_points.hpp"
#include "core/tcp/interface_names.hpp"
#include "support/passed.hpp"
#include "support/sides.hpp"

namespace seamark::capture_points_test {
namespace {

using test::kA;
using test::kB;
using test::kClient;
using test::kServer;
using test::Passed;

constexpr std::int64_t kMicro = 1000;  // ns

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
const std::string kGet = "GET / HTTP/1.1\r\n\r\n";

void open(Passed& made, std::int64_t there, std::int64_t back, std::int64_t ahead) {
    made.open(kGet, kHead, there, back, ahead);
}

TEST(LegPoints, FindTheOffsetOfTwoClocksFromBothDirections) {
    for (const std::int64_t ahead : {37'000, -37'000}) {
        Passed made;
        open(made, 300, 100, ahead);
        const LegPoints found = made.points();
        ASSERT_EQ(found.points().size(), 2U);
        EXPECT_EQ(found.points()[0].interface, kA) << "whichever was stamped earlier";
        const HopClock& clock = found.clock(0);
        EXPECT_TRUE(clock.differs);
        ASSERT_TRUE(clock.offset);
        // 100 µs off, since the ways are not equally long; by 200 it could be.
        EXPECT_EQ(*clock.offset, (ahead + 100) * kMicro);
        EXPECT_EQ(clock.error, 200 * kMicro);
        EXPECT_EQ(clock.correction(), *clock.offset);
        EXPECT_TRUE(found.differ());
    }
}

TEST(LegPoints, LeaveTimesThatOneClockMayHaveMadeAsTheyAre) {
    Passed made;
    open(made, 900, 100, 0);
    const LegPoints found = made.points();
    ASSERT_TRUE(found.several());
    EXPECT_FALSE(found.clock(0).differs);
    EXPECT_EQ(found.clock(0).offset, 400 * kMicro);
    EXPECT_EQ(found.clock(0).error, 500 * kMicro);
    EXPECT_EQ(found.clock(0).correction(), 0);
}

/// The least of all packets counts: others waited on the way.
TEST(LegPoints, TakeTheLeastTimeOfEachDirection) {
    Passed made;
    open(made, 800, 700, 5'000);
    made.data(kServer, 41, "quick", {{kA, 10'000}, {kB, 15'020}});
    made.ack(kClient, 41, {{kB, 15'500}, {kA, 11'000}});
    made.ack(kClient, 46, {{kB, 16'500}, {kA, 11'540}});
    const LegPoints found = made.points();
    ASSERT_TRUE(found.several());
    EXPECT_EQ(found.clock(0).offset, 4'990 * kMicro);
    EXPECT_EQ(found.clock(0).error, 30 * kMicro);
}

/// A missed a packet, and has it when it is sent again: what B has first is another one.
TEST(LegPoints, TakeNoTimeOfWhatWasSentAgain) {
    Passed made;
    open(made, 300, 100, 37'000);
    made.data(kServer, 41, "one", {{kB, 57'300}, {kA, 230'000}, {kB, 267'300}});
    const LegPoints found = made.points();
    ASSERT_TRUE(found.several());
    EXPECT_EQ(found.points()[0].interface, kA);
    EXPECT_EQ(found.clock(0).offset, 37'100 * kMicro);
    EXPECT_EQ(found.clock(0).error, 200 * kMicro);
}

/// Each direction takes half the time that the other one seems to need: only its TTL shows the way.
TEST(LegPoints, AreInTheOrderThatTheTtlShows) {
    Passed made;
    const auto both = [](std::int64_t at, std::uint8_t first, std::uint8_t second) {
        return std::vector<Passed::At>{{kA, at, first}, {kB, at, second}};
    };
    made.syn(kClient, both(0, 0, 0));
    made.syn(kServer, both(10, 0, 0));
    made.data(kServer, 0, kHead, both(20, 62, 63));
    const LegPoints found = made.points();
    ASSERT_TRUE(found.several());
    EXPECT_EQ(found.points()[0].interface, kB) << "where it has more hops left";
}

TEST(LegPoints, OfOneDirectionHaveNoClockInCommon) {
    Passed made;
    made.syn(kClient, {{kA, 0}});
    made.syn(kServer, {{kA, 1'000}, {kB, 38'000}});
    made.data(kClient, 0, kGet, {{kA, 2'000}});
    made.data(kServer, 0, kHead, {{kA, 3'000}, {kB, 40'000}});
    const LegPoints found = made.points();
    ASSERT_TRUE(found.several());
    EXPECT_FALSE(found.clock(0).related);
    EXPECT_EQ(found.clock(0).offset, std::nullopt);
    EXPECT_EQ(found.comparable().size(), 1U);
    EXPECT_EQ(made.repeats(), "new copy");
}

/// Captured at "any": what goes to the client comes in at device 2 and goes out at device 3.
TEST(LegPoints, OfOneProgramHaveOneClock) {
    const auto device = [](std::uint32_t number, bool outgoing) {
        return CaptureInterface{1, true, number, outgoing}.packed();
    };
    Passed made;
    made.syn(kClient, {{device(3, false), 0}, {device(2, true), 40}});
    made.syn(kServer, {{device(2, false), 1'000}, {device(3, true), 1'050}});
    made.data(kServer, 0, kHead, {{device(2, false), 2'000}, {device(3, true), 2'060}});
    const LegPoints found = made.points();
    ASSERT_EQ(found.points().size(), 2U);
    EXPECT_EQ(found.points()[0].interface, device(2, false));
    EXPECT_TRUE(found.clock(0).one_clock);
    EXPECT_EQ(found.comparable().size(), 2U);
    // The server's device is one place for both directions.
    const StreamOffset begin = found.points()[0].runs.begin();
    EXPECT_EQ(passed_at(made.connection, kServer, begin, found.points()[0]), 2'000 * kMicro);
}

TEST(LegPoints, AreNoneAtOneInterface) {
    Passed made;
    made.syn(kClient, {{kA, 0}});
    made.syn(kServer, {{kA, 10}});
    made.data(kServer, 0, kHead, {{kA, 20}});
    EXPECT_FALSE(made.points().several());
}

/// One of the last of many bytes: that is no point of the stream.
TEST(LegPoints, HaveAtLeastHalfOfTheBytes) {
    Passed made;
    made.syn(kClient, {{kA, 0}, {kB, 1}});
    made.syn(kServer, {{kA, 10}, {kB, 11}});
    made.data(kServer, 0, kHead, {{kA, 20}});
    made.data(kServer, 41, "x", {{kA, 30}, {kB, 31}});
    EXPECT_FALSE(made.points().several());
}

/// No identification, later than any lookalike is taken for a copy, and behind a hole.
TEST(Copies, AreKnownWherePacketsWereLostBetweenThePoints) {
    Passed made;
    open(made, 5'000, 5'000, 0);
    made.data(kServer, 41, "one", {{kA, 20'000}, {kB, 25'000}});
    made.data(kServer, 44, "two", {{kA, 21'000}});  // lost
    made.data(kServer, 47, "three", {{kA, 22'000}, {kB, 27'000}});
    made.data(kServer, 44, "two", {{kA, 230'000}, {kB, 235'000}});
    const LegPoints found = made.points();
    EXPECT_EQ(made.repeats(), "new copy new new new copy copy again copy");
    ASSERT_TRUE(found.several());
    EXPECT_EQ(found.points()[0].again.size(), 1U);
    EXPECT_EQ(found.points()[0].again[0].since, 209'000 * kMicro);
    EXPECT_TRUE(found.points()[1].again.empty()) << "it passed there once";
    EXPECT_EQ(found.clock(0).offset, 0);
    EXPECT_EQ(found.clock(0).error, 5'000 * kMicro);
}

/// It passed both points, and was sent again all the same: one is a copy of the other.
TEST(Copies, OfWhatWasSentAgainAreNotCountedOnceMore) {
    Passed made;
    open(made, 5'000, 5'000, 0);
    made.data(kServer, 41, "one", {{kA, 20'000}, {kB, 25'000}});
    made.data(kServer, 41, "one", {{kA, 230'000}, {kB, 235'000}});
    made.points();
    EXPECT_EQ(made.repeats(), "new copy new copy again copy");
}

/// Each of two paths has every other packet: what is sent again on the other one is no copy.
TEST(Copies, AreNoneWherePathsShareThePackets) {
    CapturePoints points;
    const std::uint8_t a = points.number_of(kA);
    const std::uint8_t b = points.number_of(kB);
    for (const std::uint8_t point : {a, b}) points.note_syn(1, point, 0);
    for (std::uint32_t i = 0; i < 20; i += 3) {
        points.note_data(1, a, RawSequence{i * 100}, 200, 0);
        points.note_data(1, b, RawSequence{i * 100 + 200}, 100, 0);
    }
    EXPECT_FALSE(points.note_data(1, b, RawSequence{1'500}, 100, 0));
}

/// Sequence numbers begin anew at 2^32, and more than that pass.
TEST(Copies, AreKnownForLong) {
    CapturePoints points;
    const std::uint8_t a = points.number_of(kA);
    const std::uint8_t b = points.number_of(kB);
    for (const std::uint8_t point : {a, b}) points.note_syn(1, point, 0);
    std::uint32_t at = 0xffff0000;
    for (int i = 0; i < 200'000; ++i, at += 60'000) {
        ASSERT_FALSE(points.note_data(1, a, RawSequence{at}, 60'000, 0)) << i;
        if (i % 100 == 7) continue;  // B misses it
        ASSERT_TRUE(points.note_data(1, b, RawSequence{at}, 60'000, 0)) << i;
    }
}

TEST(CapturePoints, AreAtMostEight) {
    CapturePoints points;
    for (std::uint64_t i = 1; i <= CapturePoints::kMost; ++i) EXPECT_EQ(points.number_of(i), i);
    EXPECT_EQ(points.number_of(99), 0);
    EXPECT_EQ(points.number_of(3), 3);
    EXPECT_EQ(points.number_of(0), 0) << "it is not known";
}

TEST(CapturePoints, TakeTheLeastTimeOfTheAcknowledgementsThatPassedBoth) {
    CapturePoints points;
    const std::uint8_t a = points.number_of(kA);
    const std::uint8_t b = points.number_of(kB);
    const auto note = [&](std::uint8_t point, std::uint32_t number, std::int64_t time) {
        points.note_acknowledged(0, point, RawSequence{number}, time);
    };
    note(a, 1000, 10);  // may have been reached before
    note(a, 2000, 20);
    note(a, 1500, 25);  // an old one
    note(a, 3000, 30);
    note(b, 1000, 11);
    note(b, 2000, 27);
    note(b, 2500, 28);  // did not pass A
    note(b, 3000, 33);
    note(b, 4000, 40);
    EXPECT_EQ(points.least(0, a, b), 3);
    EXPECT_EQ(points.least(0, b, a), -7);
    EXPECT_EQ(points.least(1, a, b), std::nullopt);
}

TEST(CapturePoints, TakeTheFirstSynOfEach) {
    CapturePoints points;
    const std::uint8_t a = points.number_of(kA);
    const std::uint8_t b = points.number_of(kB);
    points.note_syn(1, 0, 1);  // at a place that is not known
    points.note_syn(1, a, 5);
    EXPECT_EQ(points.least(1, a, b), std::nullopt);
    points.note_syn(1, a, 99);
    points.note_syn(1, b, 9);
    EXPECT_EQ(points.least(1, a, b), 4);
    EXPECT_EQ(points.least(0, a, b), std::nullopt) << "the other side's";
}

TEST(CaptureInterface, IsUnpackedAsItWasPacked) {
    for (const CaptureInterface one :
         {CaptureInterface{7}, CaptureInterface{0xffffff}, CaptureInterface{7, true, 2, true},
          CaptureInterface{0xffffff, true, 0xffffffff, false}}) {
        const CaptureInterface back = CaptureInterface::of(one.packed());
        EXPECT_EQ(back.number, one.number);
        EXPECT_EQ(back.is_any, one.is_any);
        EXPECT_EQ(back.device, one.device);
        EXPECT_EQ(back.outgoing, one.outgoing);
    }
    EXPECT_FALSE(same_clock(CaptureInterface{1}, CaptureInterface{2}));
    EXPECT_FALSE(same_clock(CaptureInterface{}, CaptureInterface{})) << "nothing is known of them";
    EXPECT_TRUE(
        same_place(CaptureInterface{1, true, 2, true}, CaptureInterface{1, true, 2, false}));
    EXPECT_FALSE(
        same_place(CaptureInterface{1, true, 2, true}, CaptureInterface{1, true, 3, true}));
}

TEST(InterfaceNames, AreToldApart) {
    InterfaceNames names;
    names.add({1}, 0, "eth0");
    names.add({2}, 1, "eth0");
    names.add({3}, 2, "wlan0");
    names.add({4}, 3, "");
    names.add({5}, 4, "any");
    EXPECT_EQ(names.name(1), "eth0 (interface 0)");
    EXPECT_EQ(names.name(2), "eth0 (interface 1)");
    EXPECT_EQ(names.name(3), "wlan0");
    EXPECT_EQ(names.name(4), "interface 3");
    EXPECT_EQ(names.name(CaptureInterface{5, true, 2, true}.packed()), "any, device 2 out");
}

}  // namespace
}  // namespace seamark::capture_points_test
