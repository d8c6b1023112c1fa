// SPDX-License-Identifier: GPL-2.0-or-later
//
// What was in flight, and how far the window reached, at the moment a segment passed; all numbers
// added up by hand. The first byte has a sequence number just below 2^32, so that all wrap.
#include "core/tcp/send_state.hpp"

#include <gtest/gtest.h>

namespace seamark::send_state_test {
namespace {

constexpr std::uint32_t kZero = 0xffffff00;

class Watched {
  public:
    void open(std::uint32_t first) {
        TcpHeader syn;
        syn.syn = true;
        syn.sequence = RawSequence{kZero + first - 1};
        watch.open(syn);
    }
    SendState send(std::uint32_t at, std::uint32_t length, std::int64_t time = 0) {
        TcpHeader header;
        header.sequence = RawSequence{kZero + at};
        return watch.depart(header, length, time, 1000);
    }
    void ack(std::uint32_t at, std::uint16_t window, std::int64_t time = 0, std::uint32_t frame = 1,
             std::uint32_t sacked = 0) {
        TcpHeader header;
        header.ack = true;
        header.acknowledged = RawSequence{kZero + at};
        header.window = window;
        header.sacked = sacked;
        watch.acknowledge(header, time, FrameNumber{frame});
    }
    SendWatch watch;
};

TEST(SendState, BeforeAnAcknowledgementNothingIsKnown) {
    Watched w;
    const SendState first = w.send(0, 500);
    EXPECT_EQ(first.in_flight, SendState::kUnknown);
    EXPECT_EQ(first.room, SendState::kUnknown);
    EXPECT_EQ(first.since_ack, SendState::kUnknown);
}

TEST(SendState, BehindASynAllIsInFlightUntilItIsAcknowledged) {
    // A server answers a Fast Open request before its SYN is acknowledged (RFC 7413).
    Watched w;
    w.open(0);
    EXPECT_EQ(w.send(0, 60).in_flight, 0U);
    const SendState second = w.send(60, 2000);
    EXPECT_EQ(second.in_flight, 60U);
    EXPECT_TRUE(second.small_in_flight);
    EXPECT_EQ(second.room, SendState::kUnknown);
    EXPECT_FALSE(second.closed_window);
    w.ack(0, 1000, 10, 5);  // of the SYN alone: of no byte
    EXPECT_EQ(w.send(2060, 1000, 20).since_ack, SendState::kUnknown);
    w.ack(60, 1000, 30, 6);
    const SendState last = w.send(3060, 1000, 40);
    EXPECT_EQ(last.in_flight, 3000U);
    EXPECT_FALSE(last.small_in_flight);
    EXPECT_EQ(last.acknowledged, 60U);
    EXPECT_EQ(last.since_ack, 10U);
}

TEST(SendState, ASynOfAnotherNumberIsForgottenAtTheFirstAcknowledgement) {
    Watched w;
    w.open(0x60000000);
    w.ack(100, 1000);
    w.send(100, 500);
    EXPECT_EQ(w.send(600, 500).in_flight, 500U);
}

TEST(SendState, CountsWhatIsInFlightAndTheRoomBehindIt) {
    Watched w;
    w.watch.scale_windows(2);
    w.ack(0, 1000);  // up to 4000
    EXPECT_EQ(w.send(0, 1000).in_flight, 0U);
    const SendState second = w.send(1000, 500);
    EXPECT_EQ(second.in_flight, 1000U);
    EXPECT_EQ(second.room, 2500U);
    EXPECT_FALSE(second.small_in_flight) << "the one before was full";
    EXPECT_TRUE(w.send(1500, 500).small_in_flight);
    w.ack(1500, 125, 70, 9);  // up to 2000: the window has shrunk
    const SendState last = w.send(2000, 100, 95);
    EXPECT_EQ(last.in_flight, 500U);
    EXPECT_EQ(last.room, 0U);
    EXPECT_EQ(last.since_ack, 25U);
    EXPECT_EQ(last.acknowledged, 1500U);
    EXPECT_EQ(last.ack_frame, FrameNumber{9});
}

TEST(SendState, TheWindowOfASynIsNotScaled) {
    Watched w;
    TcpHeader syn;
    syn.syn = syn.ack = true;
    syn.acknowledged = RawSequence{kZero};
    syn.window = 600;
    w.watch.acknowledge(syn, 0, FrameNumber{1});
    w.watch.scale_windows(7);
    EXPECT_EQ(w.send(0, 500).room, 100U);
}

TEST(SendState, WithoutBothSynsTheRoomIsNotKnown) {
    Watched w;
    w.ack(0, 1000);
    EXPECT_EQ(w.send(0, 10).room, SendState::kUnknown);
}

TEST(SendState, SackedBytesAreNotInFlight) {
    Watched w;
    w.ack(0, 60000);
    for (std::uint32_t at = 0; at < 4000; at += 1000) w.send(at, 1000);
    w.ack(0, 60000, 5, 2, 2000);
    const SendState next = w.send(4000, 1000);
    EXPECT_EQ(next.in_flight, 2000U);
    EXPECT_TRUE(next.sacked);
    EXPECT_EQ(next.since_ack, SendState::kUnknown) << "it acknowledged nothing in order";
}

TEST(SendState, AnOlderAcknowledgementChangesNothing) {
    Watched w;
    w.ack(0, 60000);
    w.send(0, 1000);
    w.ack(1000, 60000, 10, 2);
    w.ack(500, 60000, 20, 3);
    EXPECT_EQ(w.send(1000, 10, 30).ack_frame, FrameNumber{2});
}

TEST(SendState, WhatIsSentAgainLiesBehind) {
    Watched w;
    w.ack(0, 60000);
    EXPECT_FALSE(w.send(0, 1000).behind);
    EXPECT_FALSE(w.send(1000, 1000).behind);
    EXPECT_TRUE(w.send(0, 1000).behind);
    EXPECT_EQ(w.send(2000, 10).in_flight, 2000U) << "it did not move the end";
}

TEST(SendState, OfAnAcknowledgementThatIsTooLongAgoNothingIsSaid) {
    Watched w;
    w.ack(0, 1000);
    w.send(0, 10);
    w.ack(10, 1000, 5000);
    EXPECT_EQ(w.send(10, 10, 5003).since_ack, 3U);
    EXPECT_EQ(w.send(20, 10, 4000).since_ack, SendState::kUnknown) << "times that go back";
    EXPECT_EQ(w.send(30, 10, 5000 + std::int64_t{SendState::kUnknown}).since_ack,
              SendState::kUnknown)
        << "more ns than it can hold";
    EXPECT_EQ(w.send(40, 10, 4999 + std::int64_t{SendState::kUnknown}).since_ack,
              SendState::kUnknown - 1);
}

/// A capture that begins late has acknowledgements of data that it does not have.
TEST(SendState, WhatAcknowledgesNothingThatWasSeenReleasesNothing) {
    Watched w;
    w.ack(0, 1000, 100);
    w.ack(500, 1000, 200);
    EXPECT_EQ(w.send(500, 10, 300).since_ack, SendState::kUnknown);
}

/// The acknowledgement number of a RST need not be one (RFC 9293 section 3.5.2).
TEST(SendState, ARstAcknowledgesNothing) {
    Watched w;
    w.ack(0, 1000);
    w.send(0, 100);
    TcpHeader header;
    header.ack = header.rst = true;
    header.acknowledged = RawSequence{kZero + 100};
    w.watch.acknowledge(header, 5, FrameNumber{9});
    header.ack = header.rst = false;
    w.watch.acknowledge(header, 6, FrameNumber{10});
    EXPECT_EQ(w.send(100, 100).in_flight, 100U);
}

}  // namespace
}  // namespace seamark::send_state_test
