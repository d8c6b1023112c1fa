// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of whole segments, from connections laid down by hand: segments, acknowledgements and
// recorded calls with their times in microseconds. The server is captured where it runs: the way to
// the client and back takes 20 ms.
#include "core/cause/segment_cause.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "support/told.hpp"

namespace seamark {
namespace {

using test::kClient;
using test::kMicro;
using test::kNodelay;
using test::kServer;
using test::open_state;
using test::Told;

TEST(Cause, TheHandshakeTellsWhereTheCaptureWasTaken) {
    EXPECT_EQ(Told().connection.vantage(kServer), Vantage::kAtSender);
    EXPECT_EQ(Told().connection.vantage(kClient), Vantage::kAtReceiver);
    EXPECT_EQ(Told(false).connection.vantage(kServer), Vantage::kAtReceiver);
    WaitingBudget budget;
    EXPECT_EQ(Connection(budget).vantage(kServer), Vantage::kUnknown);
}

TEST(Cause, AHandshakeWhoseTimesGoBackTellsNothing) {
    WaitingBudget budget;
    Connection connection{budget};
    CapturedSegment segment;
    segment.header.syn = true;
    segment.time = 20'000 * kMicro;
    connection.add(kClient, segment);
    segment.header.ack = true;
    segment.time = 20'010 * kMicro;
    connection.add(kServer, segment);
    segment.header.syn = false;
    connection.acknowledge(kClient, segment.header, 10'000 * kMicro, FrameNumber{3});
    EXPECT_EQ(connection.handshake_time(), -10'000 * kMicro);
    EXPECT_EQ(connection.vantage(kServer), Vantage::kUnknown);
}

TEST(Cause, AWriteThatLeavesAtOnceIsWhole) {
    Told with_state;
    with_state.write(0, 32, 50'000, {.state = open_state(0)});
    with_state.data(0, 32, 50'002);
    EXPECT_EQ(with_state.verdicts(), "whole write known");

    Told calls_only;
    calls_only.write(0, 32, 50'000, {});
    calls_only.data(0, 32, 50'002);
    EXPECT_EQ(calls_only.verdicts(), "whole write consistent");
}

TEST(Cause, WritesBehindASmallOneWaitForItsAcknowledgement) {
    for (const bool state : {true, false}) {
        Told told;
        const auto held = [&](std::uint32_t bytes) {
            return state ? std::optional(open_state(bytes)) : std::nullopt;
        };
        told.write(0, 32, 50'000, {.state = held(0)});
        told.data(0, 32, 50'002);
        told.write(32, 32, 51'000, {.state = held(32)});
        told.write(64, 32, 52'000, {.state = held(64)});
        told.write(96, 32, 53'000, {.state = held(96)});
        told.client_ack(32, 70'002);
        told.data(32, 96, 70'004);
        EXPECT_EQ(told.verdicts(), state ? "merge nagle known x2" : "merge nagle consistent x2");
    }
}

TEST(Cause, AWriteThatWaitsAloneIsHeld) {
    Told told;
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.data(0, 32, 50'002);
    told.write(32, 32, 51'000, {.state = open_state(32)});
    told.client_ack(32, 90'002);  // delayed
    told.data(32, 32, 90'004);
    EXPECT_EQ(told.verdicts(), "held nagle known");
}

TEST(Cause, WithNodelayAMergeIsNotNagle) {
    Told told;
    KernelState full = open_state(32);
    full.in_flight = full.unacked = 10;
    told.write(0, 32, 51'000, {.flags = kNodelay, .state = full});
    told.write(32, 32, 52'000, {.flags = kNodelay, .state = full});
    told.client_ack(0, 70'002);
    told.data(0, 64, 70'004);
    EXPECT_EQ(told.verdicts(), "merge cwnd known");

    Told calls_only;
    calls_only.data(0, 32, 50'002);
    calls_only.write(32, 32, 51'000, {.flags = kNodelay});
    calls_only.write(64, 32, 52'000, {.flags = kNodelay});
    calls_only.client_ack(32, 70'002);
    calls_only.data(32, 64, 70'004);
    EXPECT_EQ(calls_only.verdicts(), "merge cwnd or rwnd consistent");
}

TEST(Cause, CorkAndMoreMerge) {
    Told told;
    told.write(0, 32, 50'000, {.flags = EventFlags::kCork, .state = open_state(32)});
    told.write(32, 32, 51'000, {.flags = EventFlags::kMore, .state = open_state(64)});
    told.write(64, 32, 52'000, {.state = open_state(0)});
    told.data(0, 96, 52'002);
    EXPECT_EQ(told.verdicts(), "merge cork consistent, merge more known")
        << "without a cork in the next call it was taken off, and did not send them";
}

TEST(Cause, AWriteIsCutAtTheMss) {
    Told told;
    told.write(0, 4000, 50'000, {.state = open_state(0)});
    told.data(0, 1460, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut mss consistent");
    told.data(1460, 1460, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut mss consistent");
    told.data(2920, 1080, 50'002);
    EXPECT_EQ(told.verdicts(), "whole write known");
}

TEST(Cause, ASuperSegmentEndsAtAMultipleOfTheMss) {
    Told told;
    told.write(0, 150'000, 50'000, {.state = open_state(0)});
    told.data(0, 14'600, 50'002);
    EXPECT_EQ(told.verdicts(), "cut gso, mss, cwnd or pacing consistent");
    told.client_ack(14'600, 50'003);
    told.data(14'600, 44 * 1460, 50'004);
    EXPECT_EQ(told.verdicts(), "cut gso, mss, cwnd or pacing consistent");
}

TEST(Cause, AWriteIsCutWhereTheCallStoppedSending) {
    Told told;
    KernelState full = open_state(4000 - 2920);
    full.in_flight = full.unacked = 10;
    told.write(0, 4000, 50'000, {.flags = kNodelay, .state = full});
    told.data(0, 2920, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut mss or gso consistent, rest cwnd known")
        << "the packet cut it, the window holds the rest";
}

TEST(Cause, AWriteIsCutAtTheEdgeOfThePeersWindow) {
    Told told;
    told.client_ack(0, 49'000, 1000);
    told.write(0, 4000, 50'000, {.state = open_state(3000)});
    told.data(0, 1000, 50'002, false);
    EXPECT_EQ(told.verdicts(), "cut rwnd consistent, rest rwnd or gso consistent");

    Told capture_alone;
    capture_alone.client_ack(0, 49'000, 1000);
    capture_alone.data(0, 1000, 50'002, false);
    EXPECT_EQ(capture_alone.verdicts(), "cut rwnd consistent");
}

TEST(Cause, AShortWriteEndsItsSegment) {
    Told told;
    told.write(0, 100, 50'000,
               {.flags = EventFlags::kNonblocking, .state = open_state(0), .requested = 300});
    told.data(0, 100, 50'002);
    EXPECT_EQ(told.verdicts(), "whole send-buffer known");
}

TEST(Cause, AShortWriteDoesNotEndASegmentThatGoesOn) {
    Told told;
    told.write(0, 100, 50'000, {.state = open_state(0), .requested = 300});
    told.data(0, 105, 50'002);  // the call with the last five bytes was not recorded
    EXPECT_EQ(told.verdicts(), "whole unknown unknown");
}

TEST(Cause, AtTheReceiverMergesMayBeTheWayUp) {
    Told told(false);
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.write(32, 32, 51'000, {.state = open_state(0)});
    told.data(0, 64, 61'000);
    EXPECT_EQ(told.verdicts(), "merge gro consistent");
}

TEST(Cause, WhatTheStateContradictsIsUnknown) {
    Told told;
    told.write(0, 32, 50'000, {.state = open_state(0)});
    told.write(32, 32, 51'000, {.state = open_state(0)});
    told.data(0, 64, 51'002);
    EXPECT_EQ(told.verdicts(), "merge unknown unknown");
}

TEST(Cause, FromTheCaptureAlone) {
    Told told;
    told.data(0, 32, 50'002);
    EXPECT_EQ(told.verdicts(), "whole write consistent");
    told.client_ack(32, 70'002);
    told.data(32, 96, 70'004);
    EXPECT_EQ(told.verdicts(), "held nagle, cwnd or write consistent");
    told.data(128, 1460, 75'000);
    EXPECT_EQ(told.verdicts(), "cut mss or write consistent");
    told.data(1588, 2920, 75'000);
    EXPECT_EQ(told.verdicts(), "cut gso, mss, cwnd or write consistent");
    told.data(4508, 100, 75'000, false);
    EXPECT_EQ(told.verdicts(), "held cork, more, rwnd or write consistent");
    told.data(0, 32, 90'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission known");
}

TEST(Cause, AtTheReceiverTheTimesOfAcknowledgementsMeanNothing) {
    Told told(false);
    told.data(0, 32, 50'002);
    told.client_ack(32, 70'002);
    told.data(32, 96, 70'004);
    EXPECT_EQ(told.verdicts(), "whole write, nagle or cwnd consistent")
        << "the times exclude nothing here";
}

TEST(Cause, WithoutHandshakeTheMssIsUnknownAndSoIsTheCause) {
    WaitingBudget budget;
    Connection connection{budget};
    CapturedSegment request;
    request.frame = FrameNumber{1};
    request.header.sequence = RawSequence{1000};
    const auto bytes = test::bytes_of("GET / HTTP/1.1\r\n\r\n");
    request.payload = bytes;
    request.wire_length = static_cast<std::uint32_t>(bytes.size());
    connection.add(kClient, request);
    const auto verdicts = judge_segment(
        connection, kClient, std::as_const(connection).stream(kClient).lane().segments().front());
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_EQ(verdicts[0].confidence, Confidence::kUnknown);
    EXPECT_EQ(verdicts[0].causes, CauseList{Cause::kUnknown});
}

}  // namespace
}  // namespace seamark
