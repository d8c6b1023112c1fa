// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of single segments that neither cause_test.cpp nor the other tests of verdicts cover.
// The server is captured where it runs unless a test says otherwise.
#include <gtest/gtest.h>

#include <string>

#include "support/scripted_connection.hpp"

namespace seamark::verdicts_test {
namespace {

using test::open_state;
using test::ScriptedConnection;

TEST(Verdicts, FromTheCaptureAlone) {
    ScriptedConnection push;
    push.data(0, 100, 90'000);
    EXPECT_EQ(push.verdicts(), "whole write consistent");

    ScriptedConnection not_pushed;
    not_pushed.data(0, 100, 90'000, false);
    EXPECT_EQ(not_pushed.verdicts(), "held cork, more, rwnd or write consistent");

    ScriptedConnection full;
    full.data(0, 1460, 90'000);
    EXPECT_EQ(full.verdicts(), "cut mss or write consistent");

    ScriptedConnection several;
    several.data(0, 4380, 90'000);
    EXPECT_EQ(several.verdicts(), "cut gso, mss, cwnd or write consistent");

    ScriptedConnection more_than_full;
    more_than_full.data(0, 4000, 90'000);
    EXPECT_EQ(more_than_full.verdicts(), "whole write consistent");

    ScriptedConnection released;
    released.data(0, 1460, 50'000);
    released.client_ack(1460, 70'000);
    released.data(1460, 100, 70'010);
    EXPECT_EQ(released.verdicts(), "held nagle, cwnd or write consistent");

    ScriptedConnection still_in_flight;
    still_in_flight.data(0, 1460, 50'000);
    still_in_flight.data(1460, 1460, 50'010);
    still_in_flight.client_ack(1460, 70'000);
    still_in_flight.data(2920, 100, 70'010);
    EXPECT_EQ(still_in_flight.verdicts(), "held cwnd, nagle or write consistent");
}

TEST(Verdicts, OfAWindowThatIsFull) {
    ScriptedConnection full;
    full.client_ack(0, 45'000, 2000);
    full.data(0, 1460, 50'000);
    full.data(1460, 540, 50'010);
    EXPECT_EQ(full.verdicts(), "cut rwnd or write consistent");

    ScriptedConnection probe;
    probe.client_ack(0, 45'000, 1000);
    probe.data(0, 1000, 50'000);
    probe.client_ack(1000, 70'000, 0);
    probe.data(1000, 1, 270'000);
    EXPECT_EQ(probe.verdicts(), "held window-probe consistent");
}

TEST(Verdicts, OfAWriteThatGoesOnInALaterSegment) {
    ScriptedConnection one_packet;
    one_packet.write(0, 3000, 50'000, {});
    one_packet.data(0, 1460, 50'002);
    EXPECT_EQ(one_packet.verdicts(), "cut mss consistent");

    ScriptedConnection several;
    several.write(0, 9000, 50'000, {});
    several.data(0, 4380, 50'002);
    EXPECT_EQ(several.verdicts(), "cut gso, mss, cwnd or pacing consistent");

    ScriptedConnection at_the_window;
    at_the_window.client_ack(0, 45'000, 500);
    at_the_window.write(0, 3000, 50'000, {});
    at_the_window.data(0, 500, 50'002);
    EXPECT_EQ(at_the_window.verdicts(), "cut rwnd consistent");

    ScriptedConnection anywhere;
    anywhere.write(0, 3000, 50'000, {});
    anywhere.data(0, 100, 50'002);
    EXPECT_EQ(anywhere.verdicts(), "cut unknown unknown");
}

TEST(Verdicts, OfASegmentThatGoesOnBehindTheLastRecordedWrite) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {});
    scripted.data(0, 64, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole unknown unknown");
}

TEST(Verdicts, OfAConnectionThatIsCapturedAtSeveralPlaces) {
    const auto verdicts = [](bool twice) {
        ScriptedConnection scripted;
        scripted.write(0, 32, 49'000, {.state = open_state(0)});
        scripted.data(0, 32, 49'002);
        if (twice) scripted.data_again(49'012, scripted.last_identification());
        scripted.client_ack(32, 49'020);
        scripted.write(32, 32, 49'500, {.state = open_state(32)});
        scripted.data(32, 32, 70'000);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(true), "held nagle known");
    EXPECT_NE(verdicts(false), "held nagle known") << "nothing was in flight";
}

/// sendfile and splice end with what they copy from.

TEST(Verdicts, OfASegmentThatLeavesLongAfterItsRelease) {
    const auto verdicts = [](std::int64_t captured) {
        ScriptedConnection scripted;
        scripted.write(0, 32, 49'000, {.state = open_state(0)});
        scripted.data(0, 32, 49'002);  // the place is known
        scripted.client_ack(32, 49'900);
        scripted.write(32, 32, 50'000, {.state = open_state(0)});
        scripted.data(32, 32, captured);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(50'003), "whole write known");
    EXPECT_EQ(verdicts(50'500), "whole write or queue consistent");
    EXPECT_EQ(verdicts(51'500), "held queue consistent");
    EXPECT_EQ(verdicts(230'000), "held queue consistent");
    ScriptedConnection guessed;
    guessed.write(0, 32, 50'000, {.state = open_state(0)});
    guessed.data(0, 32, 230'000);
    EXPECT_EQ(guessed.verdicts(), "held queue or write consistent")
        << "the way, if the capture was taken elsewhere";
    ScriptedConnection far(false);
    far.write(0, 32, 50'000, {.state = open_state(0)});
    far.data(0, 32, 60'000);
    EXPECT_EQ(far.verdicts(), "whole write consistent");
}

/// The packet's size cuts; something else holds what is left.

TEST(Verdicts, OfSeveralMessagesOfOneCall) {
    ScriptedConnection scripted;
    scripted.write(0, 96, 50'000, {.state = open_state(0), .call = Call::kSendmmsg});
    scripted.data(0, 32, 50'001);
    EXPECT_EQ(scripted.verdicts(), "cut message consistent");
}

/// TCP_CORK that is taken off sends what it held, unless something else holds it.

TEST(Verdicts, OfACorkThatWasTakenOffBeforeTheBytesLeft) {
    const auto verdicts = [](std::int64_t off) {
        ScriptedConnection scripted;
        scripted.write(0, 32, 50'000, {.state = open_state(0)});
        scripted.data(0, 32, 50'002);
        scripted.write(32, 32, 51'000, {.flags = EventFlags::kCork, .state = open_state(32)});
        scripted.option(3, 0, off);
        scripted.client_ack(32, 70'002);
        scripted.data(32, 32, 70'004);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(70'003), "held cork known") << "that sent it";
    EXPECT_EQ(verdicts(60'000), "held cork or nagle consistent");
}

/// Copies that were made at several interfaces of a host have one IP identification.

TEST(Verdicts, OfASegmentThatNoAcknowledgementCanHaveReleased) {
    ScriptedConnection far(false);
    far.data(0, 32, 50'000);
    EXPECT_EQ(far.verdicts(), "whole write, nagle or cwnd consistent");
    far.client_ack(32, 50'010);
    far.data(32, 32, 70'000);
    EXPECT_EQ(far.verdicts(), "whole write, nagle or cwnd consistent");
    far.client_ack(64, 70'010);
    far.data(64, 32, 200'000);
    EXPECT_EQ(far.verdicts(), "whole write consistent");
}

/// Small segments with small ones in flight show that the algorithm is off.

TEST(Verdicts, OfAStreamWithoutNagle) {
    ScriptedConnection scripted;
    for (std::uint32_t i = 0; i < 5; ++i) scripted.data(32 * i, 32, 50'000 + 1000 * i);
    scripted.client_ack(160, 70'000);
    scripted.data(160, 32, 70'003);
    EXPECT_EQ(scripted.verdicts(), "held cwnd or write consistent");

    ScriptedConnection in_flight;
    in_flight.data(0, 32, 50'000);
    in_flight.data(32, 32, 51'000);
    in_flight.client_ack(32, 70'000);
    in_flight.data(64, 32, 70'003);
    EXPECT_EQ(in_flight.verdicts(), "held cwnd or write consistent");
}

/// The snap length cuts what was captured, not what was sent.

TEST(Verdicts, OfASegmentThatTheSnapLengthCut) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 49'000);
    scripted.write(100, 300, 50'000, {.state = open_state(300)});
    scripted.write(400, 300, 50'010, {.state = open_state(600)});
    scripted.snapped(100, 600, 40, 50'012);
    EXPECT_EQ(scripted.verdicts(), "merge nagle known");
}

TEST(Verdicts, OfBytesThatTheKernelSaysItSentApart) {
    ScriptedConnection at_the_client(false);
    at_the_client.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_client.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_client.data(0, 64, 70'000);
    EXPECT_EQ(at_the_client.verdicts(), "merge gro consistent");

    ScriptedConnection at_the_server;
    at_the_server.write(0, 32, 50'000, {.state = open_state(0)});
    at_the_server.write(32, 32, 51'000, {.state = open_state(0)});
    at_the_server.data(0, 64, 51'003);
    EXPECT_EQ(at_the_server.verdicts(), "merge unknown unknown");
}

TEST(Verdicts, OfMergedWritesWithNodelayAndNoState) {
    ScriptedConnection released;
    released.data(0, 1460, 49'000);
    released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    released.client_ack(1460, 69'000);
    released.data(1460, 64, 69'010);
    EXPECT_EQ(released.verdicts(), "merge cwnd or rwnd consistent");

    ScriptedConnection not_released;
    not_released.data(0, 1460, 49'000);
    not_released.write(1460, 32, 50'000, {.flags = test::kNodelay});
    not_released.write(1492, 32, 51'000, {.flags = test::kNodelay});
    not_released.data(1460, 64, 51'010);
    EXPECT_EQ(not_released.verdicts(), "merge autocork, pacing or cwnd consistent");
}

/// Reads are judged by times where the capture was taken at the reader.

}  // namespace
}  // namespace seamark::verdicts_test
