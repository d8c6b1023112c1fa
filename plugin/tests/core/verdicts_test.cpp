// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of single segments and reads that the stories of cause_test.cpp do not tell. The server
// is captured where it runs unless a test says otherwise.
#include <gtest/gtest.h>

#include <string>

#include "support/told.hpp"

namespace seamark {
namespace {

using test::open_state;
using test::Told;

TEST(Verdicts, FromTheCaptureAlone) {
    Told push;
    push.data(0, 100, 90'000);
    EXPECT_EQ(push.verdicts(), "whole write consistent");

    Told not_pushed;
    not_pushed.data(0, 100, 90'000, false);
    EXPECT_EQ(not_pushed.verdicts(), "held cork, more or rwnd consistent");

    Told full;
    full.data(0, 1460, 90'000);
    EXPECT_EQ(full.verdicts(), "cut mss consistent");

    Told several;
    several.data(0, 4380, 90'000);
    EXPECT_EQ(several.verdicts(), "cut gso or cwnd consistent");

    Told more_than_full;
    more_than_full.data(0, 4000, 90'000);
    EXPECT_EQ(more_than_full.verdicts(), "whole write consistent");

    Told released;
    released.data(0, 1460, 50'000);
    released.client_ack(1460, 70'000);
    released.data(1460, 100, 70'010);
    EXPECT_EQ(released.verdicts(), "held nagle, cwnd or write consistent");

    Told still_in_flight;
    still_in_flight.data(0, 1460, 50'000);
    still_in_flight.data(1460, 1460, 50'010);
    still_in_flight.client_ack(1460, 70'000);
    still_in_flight.data(2920, 100, 70'010);
    EXPECT_EQ(still_in_flight.verdicts(), "held cwnd or nagle consistent");
}

TEST(Verdicts, OfAWindowThatIsFull) {
    Told full;
    full.client_ack(0, 45'000, 2000);
    full.data(0, 1460, 50'000);
    full.data(1460, 540, 50'010);
    EXPECT_EQ(full.verdicts(), "cut rwnd consistent");

    Told probe;
    probe.client_ack(0, 45'000, 1000);
    probe.data(0, 1000, 50'000);
    probe.client_ack(1000, 70'000, 0);
    probe.data(1000, 1, 270'000);
    EXPECT_EQ(probe.verdicts(), "held window-probe consistent");
}

TEST(Verdicts, OfARetransmission) {
    Told told;
    told.data(0, 100, 50'000);
    told.data(0, 100, 250'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission known");
    told.data(50, 100, 260'000);
    EXPECT_EQ(told.verdicts(), "cut retransmission consistent");
}

TEST(Verdicts, OfAWriteThatGoesOnInALaterSegment) {
    Told one_packet;
    one_packet.write(0, 3000, 50'000, {});
    one_packet.data(0, 1460, 50'002);
    EXPECT_EQ(one_packet.verdicts(), "cut mss consistent");

    Told several;
    several.write(0, 9000, 50'000, {});
    several.data(0, 4380, 50'002);
    EXPECT_EQ(several.verdicts(), "cut gso, cwnd or pacing consistent");

    Told at_the_window;
    at_the_window.client_ack(0, 45'000, 500);
    at_the_window.write(0, 3000, 50'000, {});
    at_the_window.data(0, 500, 50'002);
    EXPECT_EQ(at_the_window.verdicts(), "cut rwnd consistent");

    Told anywhere;
    anywhere.write(0, 3000, 50'000, {});
    anywhere.data(0, 100, 50'002);
    EXPECT_EQ(anywhere.verdicts(), "cut unknown unknown");
}

TEST(Verdicts, OfASegmentThatGoesOnBehindTheLastRecordedWrite) {
    Told told;
    told.write(0, 32, 50'000, {});
    told.data(0, 64, 50'002);
    EXPECT_EQ(told.verdicts(), "whole unknown unknown");
}

TEST(Verdicts, OfAShortWrite) {
    Told told;
    told.write(0, 32, 50'000, {.requested = 64});
    told.data(0, 32, 50'002);
    EXPECT_EQ(told.verdicts(), "whole send-buffer known");
}

TEST(Verdicts, OfBytesThatTheKernelSaysItSentApart) {
    Told at_the_client(false);
    at_the_client.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_client.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_client.data(0, 64, 70'000);
    EXPECT_EQ(at_the_client.verdicts(), "merge gro consistent");

    Told at_the_server;
    at_the_server.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_server.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_server.data(0, 64, 51'010);
    EXPECT_EQ(at_the_server.verdicts(), "merge unknown unknown");
}

TEST(Verdicts, OfMergedWritesWithNodelayAndNoState) {
    Told released;
    released.data(0, 1460, 49'000);
    released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    released.client_ack(1460, 69'000);
    released.data(1460, 64, 69'010);
    EXPECT_EQ(released.verdicts(), "merge cwnd or rwnd consistent");

    Told not_released;
    not_released.data(0, 1460, 49'000);
    not_released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    not_released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    not_released.data(1460, 64, 51'010);
    EXPECT_EQ(not_released.verdicts(), "merge autocork, pacing or cwnd consistent");
}

/// Reads are judged by times where the capture was taken at the reader.
TEST(ReadVerdicts, ByWhatHadCome) {
    Told told(false);
    told.data(0, 100, 60'000);
    told.data(100, 100, 61'000);
    told.data(200, 100, 62'000);
    told.read(0, 100, 4096, 60'100);
    EXPECT_EQ(told.read_verdict(0), "segment consistent");
    // Both had come before the call, and before the read that preceded it had returned.
    told.read(100, 200, 4096, 80'000);
    EXPECT_EQ(told.read_verdict(100), "slow-reader consistent");
}

TEST(ReadVerdicts, ByWhatWasAskedFor) {
    Told told(false);
    told.data(0, 300, 60'000);
    told.read(0, 100, 100, 60'100);
    EXPECT_EQ(told.read_verdict(0), "read-size consistent");
    ReceiveState state;
    state.unread = 100;
    state.low_water = 100;
    told.read(100, 100, 4096, 60'200, state);
    EXPECT_EQ(told.read_verdict(100), "low-water or segment consistent");
    state.unread = 0;
    state.low_water = 1;
    told.read(200, 100, 4096, 60'300, state);
    EXPECT_EQ(told.read_verdict(200), "segment known");
}

TEST(ReadVerdicts, OfASegmentThatNoPacketHolds) {
    Told told(false);
    told.data(0, 4000, 60'000);
    told.read(0, 4000, 65'536, 60'100);
    EXPECT_EQ(told.read_verdict(0), "gro consistent");
}

TEST(ReadVerdicts, OfSeveralSegmentsWhereTimesDoNotCompare) {
    Told told;  // captured at the server
    told.data(0, 100, 60'000);
    told.data(100, 100, 61'000);
    told.read(0, 200, 4096, 80'000);
    EXPECT_EQ(told.read_verdict(0), "waited consistent");
}

TEST(ReadVerdicts, OfBytesThatTheCaptureDoesNotHave) {
    Told told(false);
    told.data(100, 100, 60'000);
    told.read(0, 100, 4096, 60'100);
    EXPECT_EQ(told.read_verdict(0), "unknown unknown");
}

}  // namespace
}  // namespace seamark
