// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where a capture was taken, as the times of its handshake show; times in microseconds.
#include <gtest/gtest.h>

#include <optional>

#include "core/tcp/vantage.hpp"
#include "support/feeder.hpp"
#include "support/text.hpp"

namespace seamark::vantage_test {
namespace {

using test::kClient;
using test::kServer;

constexpr std::int64_t kMicro = 1000;  // ns

CapturedSegment at(std::int64_t time) {
    CapturedSegment segment;
    segment.time = time * kMicro;
    segment.header.sequence = RawSequence{999};
    segment.header.acknowledged = RawSequence{1000};
    segment.header.ack = true;
    return segment;
}

/// A connection that `opener` opens at 0; its SYN is answered and acknowledged at these times.
struct Handshake {
    Handshake(Side opener, std::int64_t answered, std::optional<std::int64_t> acknowledged) {
        CapturedSegment syn = at(0);
        syn.header.syn = true;
        syn.header.ack = false;
        connection.add(opener, syn);
        syn = at(answered);
        syn.header.syn = true;
        connection.add(other(opener), syn);
        if (acknowledged) {
            const CapturedSegment last = at(*acknowledged);
            connection.acknowledge(opener, last.header, last.time, FrameNumber{3});
        }
    }
    WaitingBudget budget;
    Connection connection{budget};
};

TEST(Vantage, OneMachineAnswersAtOnce) {
    const Handshake quick(kClient, 100, 499);
    EXPECT_EQ(quick.connection.handshake_time(), 499 * kMicro);
    EXPECT_EQ(quick.connection.vantage(kServer), Vantage::kAtBoth);
    EXPECT_EQ(quick.connection.vantage(kClient), Vantage::kAtBoth);
}

/// At the side that opens, the answer takes the way there and back, the acknowledgement nothing.
TEST(Vantage, AtTheOpenerTheAcknowledgementFollowsAtOnce) {
    for (const Side opener : {kClient, kServer}) {
        const Handshake far(opener, 40'000, 40'010);
        EXPECT_EQ(far.connection.vantage(opener), Vantage::kAtSender);
        EXPECT_EQ(far.connection.vantage(other(opener)), Vantage::kAtReceiver);
    }
}

TEST(Vantage, AtTheOtherEndTheAnswerFollowsAtOnce) {
    for (const Side opener : {kClient, kServer}) {
        const Handshake far(opener, 10, 40'000);
        EXPECT_EQ(far.connection.vantage(opener), Vantage::kAtReceiver);
        EXPECT_EQ(far.connection.vantage(other(opener)), Vantage::kAtSender);
    }
}

TEST(Vantage, InTheMiddleNeitherFollowsAtOnce) {
    const Handshake middle(kClient, 20'000, 40'000);
    EXPECT_EQ(middle.connection.vantage(kServer), Vantage::kMiddle);
    EXPECT_EQ(middle.connection.vantage(kClient), Vantage::kMiddle);
}

TEST(Vantage, WithoutTheWholeHandshakeItIsNotKnown) {
    const Handshake open(kClient, 10, std::nullopt);
    EXPECT_EQ(open.connection.handshake_time(), std::nullopt);
    EXPECT_EQ(open.connection.vantage(kServer), Vantage::kUnknown);
}

TEST(Vantage, TimesThatGoBackTellNothing) {
    const Handshake back(kClient, 10, -20);
    EXPECT_EQ(back.connection.vantage(kServer), Vantage::kUnknown);
    EXPECT_EQ(back.connection.vantage(kClient), Vantage::kUnknown);
}

/// Frames of a capture may be out of order: the SYN of the side that opened stands second.
TEST(Vantage, TheSideWhoseSynIsEarlierOpened) {
    WaitingBudget budget;
    Connection connection(budget);
    CapturedSegment syn = at(40'000);
    syn.header.syn = true;
    connection.add(kClient, syn);
    syn = at(0);
    syn.header.syn = true;
    connection.add(kServer, syn);
    const CapturedSegment last = at(40'010);
    connection.acknowledge(kServer, last.header, last.time, FrameNumber{3});
    EXPECT_EQ(connection.vantage(kServer), Vantage::kAtSender) << "the server's SYN was the first";
}

/// The way of the one that was lost went nowhere.
TEST(Vantage, ARepeatedSynSuggestsNoPlace) {
    WaitingBudget budget;
    Connection connection(budget);
    for (const std::int64_t time : {0, 1'000'000}) {
        CapturedSegment syn = at(time);
        syn.header.syn = true;
        connection.add(kClient, syn);
    }
    CapturedSegment syn = at(1'000'010);
    syn.header.syn = true;
    connection.add(kServer, syn);
    const CapturedSegment last = at(1'000'020);
    connection.acknowledge(kClient, last.header, last.time, FrameNumber{4});
    EXPECT_EQ(connection.handshake_time(), 1'000'020 * kMicro);
    EXPECT_EQ(connection.vantage(kClient), Vantage::kUnknown);
    EXPECT_EQ(connection.vantage(kServer), Vantage::kUnknown);
}

/// A client that delays its acknowledgement until it has data (TCP_DEFER_ACCEPT, TCP_QUICKACK off):
/// its 40 ms are no way to the server and back.
TEST(Vantage, AnAcknowledgementThatWaitedForDataSuggestsNoPlace) {
    WaitingBudget budget;
    Connection connection(budget);
    CapturedSegment syn = at(0);
    syn.header.syn = true;
    connection.add(kClient, syn);
    syn = at(200);
    syn.header.syn = true;
    connection.add(kServer, syn);
    CapturedSegment request = at(40'200);
    request.header.sequence = RawSequence{1000};
    const auto bytes = test::bytes_of("GET / HTTP/1.1\r\n\r\n");
    request.payload = bytes;
    request.wire_length = static_cast<std::uint32_t>(bytes.size());
    connection.add(kClient, request);
    EXPECT_EQ(connection.vantage(kServer), Vantage::kUnknown);
}

TEST(CallTimes, ProveThePlaceByACallThatWasUnderWay) {
    CallTimes times;
    times.note(100, 90, 95, true, 20'000'000);
    EXPECT_FALSE(times.at_sender()) << "after the call";
    times.note(93, 90, 95, true, 20'000'000);
    EXPECT_TRUE(times.at_sender());
    times.note(80, 90, 95, true, 20'000'000);
    EXPECT_FALSE(times.at_sender()) << "before its call: the clocks differ";
}

TEST(CallTimes, ALongCallProvesNothing) {
    CallTimes times;
    times.note(1'000'000, 0, 5'000'000, true, 0);
    EXPECT_FALSE(times.at_sender());
}

TEST(CallTimes, AWayLaterEachTimeIsNotAtTheSender) {
    CallTimes times;
    for (int i = 0; i < 4; ++i) {
        EXPECT_FALSE(times.away_from_sender()) << i;
        times.note(10'000'000, 0, 5'000, true, 20'000'000);
    }
    EXPECT_TRUE(times.away_from_sender());
    times.note(100'000, 0, 5'000, true, 20'000'000);
    EXPECT_FALSE(times.away_from_sender()) << "one came soon";
}

}  // namespace
}  // namespace seamark::vantage_test
