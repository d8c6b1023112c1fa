// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of whole segments, from connections laid down by hand: segments, acknowledgements and
// recorded calls with their times in microseconds. The server is captured where it runs: the way to
// the client and back takes 20 ms.
#include "core/cause/segment_cause.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "support/scripted_connection.hpp"

namespace seamark::cause_test {
namespace {

using test::kClient;
using test::kMicro;
using test::kNodelay;
using test::kServer;
using test::open_state;
using test::ScriptedConnection;

TEST(Cause, TheHandshakeTellsWhereTheCaptureWasTaken) {
    EXPECT_EQ(ScriptedConnection().connection.vantage(kServer), Vantage::kAtSender);
    EXPECT_EQ(ScriptedConnection().connection.vantage(kClient), Vantage::kAtReceiver);
    EXPECT_EQ(ScriptedConnection(false).connection.vantage(kServer), Vantage::kAtReceiver);
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
    ScriptedConnection with_state;
    with_state.write(0, 32, 50'000, {.state = open_state(0)});
    with_state.data(0, 32, 50'002);
    EXPECT_EQ(with_state.verdicts(), "whole write known");

    ScriptedConnection calls_only;
    calls_only.write(0, 32, 50'000, {});
    calls_only.data(0, 32, 50'002);
    EXPECT_EQ(calls_only.verdicts(), "whole write consistent");
}

TEST(Cause, WritesBehindASmallOneWaitForItsAcknowledgement) {
    for (const bool state : {true, false}) {
        ScriptedConnection scripted;
        const auto held = [&](std::uint32_t bytes) {
            return state ? std::optional(open_state(bytes)) : std::nullopt;
        };
        scripted.write(0, 32, 50'000, {.state = held(0)});
        scripted.data(0, 32, 50'002);
        scripted.write(32, 32, 51'000, {.state = held(32)});
        scripted.write(64, 32, 52'000, {.state = held(64)});
        scripted.write(96, 32, 53'000, {.state = held(96)});
        scripted.client_ack(32, 70'002);
        scripted.data(32, 96, 70'004);
        EXPECT_EQ(scripted.verdicts(),
                  state ? "merge nagle known x2" : "merge nagle consistent x2");
    }
}

TEST(Cause, AWriteThatWaitsAloneIsHeld) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.state = open_state(0)});
    scripted.data(0, 32, 50'002);
    scripted.write(32, 32, 51'000, {.state = open_state(32)});
    scripted.client_ack(32, 90'002);  // delayed
    scripted.data(32, 32, 90'004);
    EXPECT_EQ(scripted.verdicts(), "held nagle known");
}

TEST(Cause, WithNodelayAMergeIsNotNagle) {
    ScriptedConnection scripted;
    KernelState full = open_state(32);
    full.in_flight = full.unacked = 10;
    scripted.write(0, 32, 51'000, {.flags = kNodelay, .state = full});
    scripted.write(32, 32, 52'000, {.flags = kNodelay, .state = full});
    scripted.client_ack(0, 70'002);
    scripted.data(0, 64, 70'004);
    EXPECT_EQ(scripted.verdicts(), "merge cwnd known");

    ScriptedConnection calls_only;
    calls_only.data(0, 32, 50'002);
    calls_only.write(32, 32, 51'000, {.flags = kNodelay});
    calls_only.write(64, 32, 52'000, {.flags = kNodelay});
    calls_only.client_ack(32, 70'002);
    calls_only.data(32, 64, 70'004);
    EXPECT_EQ(calls_only.verdicts(), "merge cwnd or rwnd consistent");
}

TEST(Cause, CorkAndMoreMerge) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.flags = EventFlags::kCork, .state = open_state(32)});
    scripted.write(32, 32, 51'000, {.flags = EventFlags::kMore, .state = open_state(64)});
    scripted.write(64, 32, 52'000, {.state = open_state(0)});
    scripted.data(0, 96, 52'002);
    EXPECT_EQ(scripted.verdicts(), "merge cork consistent, merge more known")
        << "without a cork in the next call it was taken off, and did not send them";
}

TEST(Cause, AWriteIsCutAtTheMss) {
    ScriptedConnection scripted;
    scripted.write(0, 4000, 50'000, {.state = open_state(0)});
    scripted.data(0, 1460, 50'002, false);
    EXPECT_EQ(scripted.verdicts(), "cut mss consistent");
    scripted.data(1460, 1460, 50'002, false);
    EXPECT_EQ(scripted.verdicts(), "cut mss consistent");
    scripted.data(2920, 1080, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole write known");
}

TEST(Cause, ASuperSegmentEndsAtAMultipleOfTheMss) {
    ScriptedConnection scripted;
    scripted.write(0, 150'000, 50'000, {.state = open_state(0)});
    scripted.data(0, 14'600, 50'002);
    EXPECT_EQ(scripted.verdicts(), "cut gso, mss, cwnd or pacing consistent");
    scripted.client_ack(14'600, 50'003);
    scripted.data(14'600, 44 * 1460, 50'004);
    EXPECT_EQ(scripted.verdicts(), "cut gso, mss, cwnd or pacing consistent");
}

TEST(Cause, AWriteIsCutWhereTheCallStoppedSending) {
    ScriptedConnection scripted;
    KernelState full = open_state(4000 - 2920);
    full.in_flight = full.unacked = 10;
    scripted.write(0, 4000, 50'000, {.flags = kNodelay, .state = full});
    scripted.data(0, 2920, 50'002, false);
    EXPECT_EQ(scripted.verdicts(), "cut mss or gso consistent, rest cwnd known")
        << "the packet cut it, the window holds the rest";
}

TEST(Cause, AWriteIsCutAtTheEdgeOfThePeersWindow) {
    ScriptedConnection scripted;
    scripted.client_ack(0, 49'000, 1000);
    scripted.write(0, 4000, 50'000, {.state = open_state(3000)});
    scripted.data(0, 1000, 50'002, false);
    EXPECT_EQ(scripted.verdicts(), "cut rwnd consistent, rest rwnd or gso consistent");

    ScriptedConnection capture_alone;
    capture_alone.client_ack(0, 49'000, 1000);
    capture_alone.data(0, 1000, 50'002, false);
    EXPECT_EQ(capture_alone.verdicts(), "cut rwnd consistent");
}

TEST(Cause, AShortWriteEndsItsSegment) {
    ScriptedConnection scripted;
    scripted.write(0, 100, 50'000,
                   {.flags = EventFlags::kNonblocking, .state = open_state(0), .requested = 300});
    scripted.data(0, 100, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole send-buffer known");
}

TEST(Cause, AShortWriteDoesNotEndASegmentThatGoesOn) {
    ScriptedConnection scripted;
    scripted.write(0, 100, 50'000, {.state = open_state(0), .requested = 300});
    scripted.data(0, 105, 50'002);  // the call with the last five bytes was not recorded
    EXPECT_EQ(scripted.verdicts(), "whole unknown unknown");
}

TEST(Cause, AtTheReceiverMergesMayBeTheWayUp) {
    ScriptedConnection scripted(false);
    scripted.write(0, 32, 50'000, {.state = open_state(0)});
    scripted.write(32, 32, 51'000, {.state = open_state(0)});
    scripted.data(0, 64, 61'000);
    EXPECT_EQ(scripted.verdicts(), "merge gro consistent");
}

TEST(Cause, WhatTheStateContradictsIsUnknown) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.state = open_state(0)});
    scripted.write(32, 32, 51'000, {.state = open_state(0)});
    scripted.data(0, 64, 51'002);
    EXPECT_EQ(scripted.verdicts(), "merge unknown unknown");
}

TEST(Cause, FromTheCaptureAlone) {
    ScriptedConnection scripted;
    scripted.data(0, 32, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole write consistent");
    scripted.client_ack(32, 70'002);
    scripted.data(32, 96, 70'004);
    EXPECT_EQ(scripted.verdicts(), "held nagle, cwnd or write consistent");
    scripted.data(128, 1460, 75'000);
    EXPECT_EQ(scripted.verdicts(), "cut mss or write consistent");
    scripted.data(1588, 2920, 75'000);
    EXPECT_EQ(scripted.verdicts(), "cut gso, mss, cwnd or write consistent");
    scripted.data(4508, 100, 75'000, false);
    EXPECT_EQ(scripted.verdicts(), "held cork, more, rwnd or write consistent");
    scripted.data(0, 32, 90'000);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission known");
}

TEST(Cause, AtTheReceiverTheTimesOfAcknowledgementsMeanNothing) {
    ScriptedConnection scripted(false);
    scripted.data(0, 32, 50'002);
    scripted.client_ack(32, 70'002);
    scripted.data(32, 96, 70'004);
    EXPECT_EQ(scripted.verdicts(), "whole write, nagle or cwnd consistent")
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
}  // namespace seamark::cause_test
