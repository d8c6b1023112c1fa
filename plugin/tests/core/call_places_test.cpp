// SPDX-License-Identifier: GPL-2.0-or-later
//
// Calls that are joined by their sequence numbers. Positions are those of Feeder; the sequence
// number of position 0 is its first_sequence.
#include "core/stream/call_places.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/feeder.hpp"
#include "support/recorded_call.hpp"

namespace seamark::call_places_test {
namespace {

using test::Feeder;
using test::kClient;
using test::kServer;
using test::recorded_call;

constexpr std::uint32_t kFirst = 1000;

/// A call that says nothing of the offset, and the sequence number of its first byte.
IoEvent numbered(EventKind kind, std::uint32_t sequence, std::uint64_t taken) {
    IoEvent event = recorded_call(kind, 1, 0, taken);
    event.flags = 0;
    event.sequence = sequence;
    return event;
}

/// "40+10 50+5": positions and lengths of a lane's calls, counted from the first captured byte.
std::string joined(const Feeder& feeder, Side side, const CallLane& lane) {
    const Stream& stream = feeder.stream(side);
    std::string text;
    lane.each(kAllCalls, [&](CallRange calls, const CallRecord&) {
        const auto range = stream.position(calls);
        if (!range) return;
        const auto begin = static_cast<std::int64_t>(stream.public_offset(range->begin).value);
        text += (text.empty() ? "" : " ") + std::to_string(begin) + '+' +
                std::to_string(range->length());
    });
    return text;
}

std::string writes(const Feeder& feeder, Side side) {
    return joined(feeder, side, feeder.stream(side).writes());
}
std::string reads(const Feeder& feeder, Side side) {
    return joined(feeder, side, feeder.stream(side).reads());
}

TEST(CallPlaces, JoinACaptureThatHasNoSyn) {
    Feeder feeder({.syn = false});
    feeder.here(kServer) = 5000;  // sent before the capture began
    feeder.server("0123456789");
    feeder.server("abcde");
    Connection& connection = feeder.connection();
    EXPECT_TRUE(connection.add_event(kServer, numbered(EventKind::kWrite, kFirst + 5000, 10),
                                     FrameNumber{7}));
    EXPECT_TRUE(connection.add_event(kServer, numbered(EventKind::kWrite, kFirst + 5010, 5),
                                     FrameNumber{8}));
    EXPECT_TRUE(connection.add_event(kClient, numbered(EventKind::kRead, kFirst + 5000, 15),
                                     FrameNumber{9}));
    EXPECT_EQ(writes(feeder, kServer), "0+10 10+5");
    EXPECT_EQ(reads(feeder, kServer), "0+15");
}

TEST(CallPlaces, JoinAConnectionThatWasOpenBeforeTheRecordingThoughItsSynWasCaptured) {
    Feeder feeder;
    feeder.server("0123456789");
    feeder.server("abcde");
    EXPECT_TRUE(feeder.connection().add_event(kServer, numbered(EventKind::kWrite, kFirst + 10, 5),
                                              FrameNumber{7}));
    EXPECT_EQ(writes(feeder, kServer), "10+5");
}

TEST(CallPlaces, TakeTheRecordedOffsetWhereTheSynWasCaptured) {
    Feeder feeder;
    feeder.server("0123456789");
    IoEvent event = recorded_call(EventKind::kWrite, 1, 0, 10);
    event.sequence = 77;  // as a firewall between program and capture changes it
    EXPECT_TRUE(feeder.connection().add_event(kServer, event, FrameNumber{7}));
    EXPECT_EQ(writes(feeder, kServer), "0+10");
}

/// A write is recorded before its segment is captured: no number of that direction is known then.
TEST(CallPlaces, JoinTheFirstCallOfADirection) {
    Feeder feeder({.syn = false});
    feeder.here(kServer) = 300;
    EXPECT_TRUE(feeder.connection().add_event(
        kServer, numbered(EventKind::kWrite, kFirst + 300, 10), FrameNumber{7}));
    feeder.server("0123456789");
    EXPECT_TRUE(feeder.connection().add_event(kServer, numbered(EventKind::kWrite, kFirst + 310, 3),
                                              FrameNumber{9}));
    feeder.server("abc");
    EXPECT_EQ(writes(feeder, kServer), "0+10 10+3");
}

TEST(CallPlaces, JoinNumbersThatWrap) {
    constexpr std::uint32_t kNearEnd = 0xffff'fff8;
    for (const bool syn : {true, false}) {
        Feeder feeder({.syn = syn, .first_sequence = kNearEnd});
        feeder.server("01234");
        feeder.server("56789");  // the number 0 is its fourth byte
        Connection& connection = feeder.connection();
        connection.add_event(kServer, numbered(EventKind::kWrite, kNearEnd, 5), FrameNumber{7});
        connection.add_event(kServer, numbered(EventKind::kWrite, kNearEnd + 5, 4), FrameNumber{8});
        connection.add_event(kServer, numbered(EventKind::kWrite, 1, 1), FrameNumber{9});
        EXPECT_EQ(writes(feeder, kServer), "0+5 5+4 9+1") << "SYN captured: " << syn;
    }
}

/// 5 GiB of a stream, in steps that are less than half of the numbers: each number means another
/// byte by then.
TEST(CallPlaces, JoinALongStream) {
    Feeder feeder({.syn = false});
    constexpr std::uint64_t kStep = std::uint64_t{1} << 30;
    for (std::uint64_t at = 0; at <= 5 * kStep; at += kStep) {
        feeder.at(kServer, at, "0123456789");
        const auto sequence = static_cast<std::uint32_t>(kFirst + at);
        EXPECT_TRUE(
            feeder.connection().add_event(kServer, numbered(EventKind::kWrite, sequence, 10),
                                          FrameNumber{static_cast<unsigned>(at >> 30) + 50}));
    }
    EXPECT_EQ(writes(feeder, kServer),
              "0+10 1073741824+10 2147483648+10 3221225472+10 4294967296+10 5368709120+10");
}

TEST(CallPlaces, JoinNoCallWhoseBytesAreNotCertainOrNotTcps) {
    Feeder feeder({.syn = false});
    feeder.server("0123456789");
    IoEvent event = numbered(EventKind::kWrite, kFirst, 10);
    event.flags = EventFlags::kAmbiguous;
    EXPECT_FALSE(feeder.connection().add_event(kServer, event, FrameNumber{7}));
    event = numbered(EventKind::kWrite, kFirst, 10);
    event.layer = Layer::kKernelTls;
    EXPECT_FALSE(feeder.connection().add_event(kServer, event, FrameNumber{8}));
    event.layer = Layer::kMptcp;
    EXPECT_FALSE(feeder.connection().add_event(kServer, event, FrameNumber{9}));
    EXPECT_EQ(writes(feeder, kServer), "");
}

TEST(CallPlaces, KeepOfTwoThatOverlapTheFirst) {
    Feeder feeder({.syn = false});
    feeder.server("0123456789");
    Connection& connection = feeder.connection();
    EXPECT_TRUE(
        connection.add_event(kServer, numbered(EventKind::kWrite, kFirst, 6), FrameNumber{7}));
    EXPECT_FALSE(
        connection.add_event(kServer, numbered(EventKind::kWrite, kFirst + 5, 5), FrameNumber{8}));
    EXPECT_EQ(writes(feeder, kServer), "0+6");
}

/// The event says where it was placed when its frame is looked at again, with numbers that have
/// moved on.
TEST(CallPlaces, RememberWhereACallWasPlaced) {
    Feeder feeder({.syn = false});
    feeder.server("0123456789");
    Connection& connection = feeder.connection();
    const IoEvent event = numbered(EventKind::kWrite, kFirst + 4, 6);
    EXPECT_FALSE(connection.placed(kServer, event, FrameNumber{7}).has(EventFlags::kOffsetKnown));
    connection.add_event(kServer, event, FrameNumber{7});
    constexpr std::uint64_t kFar = std::uint64_t{3} << 30;
    feeder.at(kServer, kFar / 2, "far");
    feeder.at(kServer, kFar, "farther");
    const IoEvent placed = connection.placed(kServer, event, FrameNumber{7});
    ASSERT_TRUE(placed.has(EventFlags::kOffsetKnown));
    const Stream& stream = feeder.stream(kServer);
    EXPECT_EQ(stream.public_offset(stream.position(placed.range())->begin), PublicOffset{4});
    connection.remove_event(kServer, event, FrameNumber{7});
    EXPECT_TRUE(stream.writes().empty());
    EXPECT_FALSE(connection.placed(kServer, event, FrameNumber{7}).has(EventFlags::kOffsetKnown));
}

/// Two recorders at one connection, of which one counts from the beginning.
TEST(CallPlaces, MixCountedAndNumberedCalls) {
    Feeder feeder;
    feeder.server("0123456789");
    Connection& connection = feeder.connection();
    EXPECT_TRUE(
        connection.add_event(kServer, recorded_call(EventKind::kWrite, 1, 0, 4), FrameNumber{7}));
    EXPECT_TRUE(
        connection.add_event(kServer, numbered(EventKind::kWrite, kFirst + 4, 6), FrameNumber{8}));
    EXPECT_EQ(writes(feeder, kServer), "0+4 4+6");
}

TEST(CallPlaces, ACountAndANumberSayWhereTheConnectionBegan) {
    Feeder feeder({.syn = false});
    feeder.here(kServer) = 100;
    feeder.server("0123456789");
    Connection& connection = feeder.connection();
    IoEvent both = recorded_call(EventKind::kWrite, 3, 100, 4);
    both.sequence = kFirst + 100;
    EXPECT_TRUE(connection.add_event(kServer, both, FrameNumber{7}));
    EXPECT_TRUE(
        connection.add_event(kServer, recorded_call(EventKind::kWrite, 4, 104, 6), FrameNumber{8}))
        << "of a recorder that only counts";
    EXPECT_EQ(writes(feeder, kServer), "0+4 4+6");
}

TEST(CallPlaces, ACountAloneDoesNotJoinWhereNumbersAloneAreKnown) {
    Feeder feeder({.syn = false});
    feeder.server("0123456789");
    Connection& connection = feeder.connection();
    EXPECT_TRUE(
        connection.add_event(kServer, numbered(EventKind::kWrite, kFirst, 4), FrameNumber{7}));
    EXPECT_FALSE(
        connection.add_event(kServer, recorded_call(EventKind::kWrite, 2, 4, 6), FrameNumber{8}));
    EXPECT_EQ(writes(feeder, kServer), "0+4");
}

}  // namespace
}  // namespace seamark::call_places_test
