// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where a capture was taken, as the times of its handshake tell; times in microseconds.
#include <gtest/gtest.h>

#include <optional>

#include "support/feeder.hpp"

namespace seamark {
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
    EXPECT_EQ(middle.connection.vantage(kServer), Vantage::kUnknown);
    EXPECT_EQ(middle.connection.vantage(kClient), Vantage::kUnknown);
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

/// A SYN that is sent again is not the one that was answered at once.
TEST(Vantage, ARepeatedSynChangesNothing) {
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
}

}  // namespace
}  // namespace seamark
