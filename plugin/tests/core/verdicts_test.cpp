// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of single segments and reads that cause_test.cpp does not cover. The server
// is captured where it runs unless a test says otherwise.
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

TEST(Verdicts, OfARetransmission) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 50'000);
    scripted.data(0, 100, 250'000);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission known");
    scripted.data(50, 100, 260'000);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission consistent");
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

TEST(Verdicts, OfAShortWrite) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.flags = EventFlags::kNonblocking, .requested = 64});
    scripted.data(0, 32, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole send-buffer known");

    ScriptedConnection blocking;
    blocking.write(0, 32, 50'000, {.requested = 64});
    blocking.data(0, 32, 50'002);
    EXPECT_EQ(blocking.verdicts(), "whole send-buffer consistent");
}

/// Only acknowledgements empty the buffer between a short write and the next call: where that one
/// is refused, the buffer was full, though a look right after the call found room.
TEST(Verdicts, OfAShortWriteWhoseNextCallIsRefused) {
    const auto verdicts = [](std::int64_t refused_at, std::int32_t error, std::int64_t captured,
                             Call call = Call::kSend) {
        ScriptedConnection scripted;
        KernelState state = open_state(100);
        state.unacked = state.in_flight = state.cwnd;
        state.queue_memory = 100;
        scripted.write(0, 100, 50'000,
                       {.flags = EventFlags::kNonblocking | EventFlags::kNodelay,
                        .state = state,
                        .requested = 300,
                        .call = call});
        if (captured < refused_at) scripted.data(0, 100, captured);
        scripted.refused(100, refused_at, error);
        if (captured > refused_at) scripted.data(0, 100, captured);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(50'010, 11, 60'000), "held cwnd known, whole send-buffer known");
    EXPECT_EQ(verdicts(50'010, 4, 60'000), "held cwnd known, whole send-buffer consistent")
        << "another error says nothing of the buffer";
    EXPECT_EQ(verdicts(50'004, 11, 60'000), "held cwnd known, whole send-buffer consistent")
        << "it was under way at the same time";
    EXPECT_EQ(verdicts(60'010, 11, 60'000), "held cwnd known, whole send-buffer consistent")
        << "a first pass has not seen it";
    EXPECT_EQ(verdicts(50'010, 11, 60'000, Call::kSendfile),
              "held cwnd known, whole send-buffer or source consistent")
        << "the file may have ended just there";
}

TEST(Verdicts, SayThatTheProgramTriedBefore) {
    ScriptedConnection scripted;
    scripted.refused(0, 30'000);
    scripted.refused(0, 40'000);
    scripted.write(0, 32, 50'000, {.state = open_state(0)});
    scripted.data(0, 32, 50'002);
    EXPECT_EQ(scripted.verdicts(), "whole write known");
    EXPECT_NE(scripted.evidence().find("tried to send write 1 20000 µs before"), std::string::npos)
        << scripted.evidence();
}

/// Of what is left of a write the segment that cuts it is the last that was sent: it is in flight,
/// and pacing pauses after it. What was sent before says nothing.
TEST(Verdicts, OfARestThatTheSegmentItselfHolds) {
    ScriptedConnection messages;
    messages.write(0, 32, 49'000, {.state = open_state(0)});
    messages.data(0, 32, 49'002);  // the place is known
    messages.client_ack(32, 49'900);
    messages.write(32, 96, 160'000, {.state = open_state(64), .call = Call::kSendmmsg});
    messages.data(32, 32, 160'002);
    EXPECT_EQ(messages.verdicts(), "cut message consistent, rest nagle known");

    ScriptedConnection paced;
    paced.write(0, 32, 49'000, {.state = open_state(0)});
    paced.data(0, 32, 49'002);
    paced.client_ack(32, 49'900);
    KernelState state = open_state(3000);
    state.pacing_rate = 100;  // KiB a second: 1460 bytes take 14 ms
    paced.write(32, 4460, 160'000, {.flags = EventFlags::kNodelay, .state = state});
    paced.data(32, 1460, 160'002);
    EXPECT_EQ(paced.verdicts(), "cut mss consistent, rest pacing consistent");
}

/// What the kernel hands down as one may be captured as several: pacing pauses for all of it.
TEST(Verdicts, OfBytesThatWaitAfterSeveralPacketsOfOneSuperSegment) {
    const auto verdicts = [](int packets) {
        ScriptedConnection scripted;
        scripted.write(0, static_cast<std::uint32_t>(1460 * packets), 49'000,
                       {.flags = EventFlags::kNodelay, .state = open_state(0)});
        for (int i = 0; i < packets; ++i)
            scripted.data(static_cast<std::uint32_t>(1460 * i), 1460, 49'002 + i);
        KernelState state = open_state(32);
        state.pacing_rate = 100;  // KiB a second: 14 ms a packet
        state.device_memory = 1;
        const auto at = static_cast<std::uint32_t>(1460 * packets);
        scripted.write(at, 32, 70'000, {.flags = EventFlags::kNodelay, .state = state});
        scripted.data(at, 32, 95'000);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(1), "held autocork known") << "the pause was over";
    EXPECT_EQ(verdicts(3), "held autocork or pacing consistent");
}

/// Captured at both ends: the acknowledgement is seen where it was sent, before the sender has it.
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
TEST(Verdicts, OfACopyThatWasShort) {
    const auto verdicts = [](std::uint32_t flags, std::uint32_t queue_memory) {
        ScriptedConnection scripted;
        KernelState state = open_state(0);
        state.queue_memory = queue_memory;
        scripted.write(0, 100, 50'000,
                       {.flags = flags, .state = state, .requested = 300, .call = Call::kSendfile});
        scripted.data(0, 100, 50'002);
        return scripted.verdicts();
    };
    EXPECT_EQ(verdicts(0, 100), "whole source consistent") << "it may wait for room";
    EXPECT_EQ(verdicts(EventFlags::kNonblocking, 100), "whole source or send-buffer consistent");
    EXPECT_EQ(verdicts(EventFlags::kNonblocking, 87'040), "whole send-buffer or source consistent");
}

/// What TCP has released may wait below it.
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
TEST(Verdicts, OfACutAndOfTheRest) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 49'000, {.state = open_state(0)});
    scripted.data(0, 32, 49'002);
    scripted.write(32, 2960, 50'000, {.state = open_state(40)});
    scripted.data(32, 2920, 50'002, false);
    EXPECT_EQ(scripted.verdicts(), "cut mss or gso consistent, rest nagle known");
    scripted.client_ack(2952, 70'002);
    scripted.data(2952, 40, 70'004);
    EXPECT_EQ(scripted.verdicts(), "held nagle known");
}

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
TEST(Verdicts, OfACopyOfAPacket) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 50'000);
    scripted.data_again(50'003, scripted.last_identification());
    EXPECT_EQ(scripted.verdicts(), "none duplicate known");
    scripted.data_again(50'050, std::uint16_t{9999});
    EXPECT_EQ(scripted.verdicts(), "cut retransmission known");
    scripted.data_again(50'060, std::nullopt);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission or duplicate consistent");
    scripted.data_again(250'060, std::nullopt);
    EXPECT_EQ(scripted.verdicts(), "cut retransmission consistent");
}

/// Many senders set no identification: then another interface, or a hop less, and at once.
TEST(Verdicts, OfACopyWithoutIdentification) {
    const auto verdicts = [](PacketOrigin origin, std::int64_t later) {
        ScriptedConnection scripted;
        scripted.data(0, 100, 49'000);
        scripted.data_again(50'000, std::uint16_t{0});
        origin.identification = std::uint16_t{0};
        scripted.data_again(50'000 + later, origin);
        return scripted.verdicts();
    };
    const auto at_interface = [](std::uint64_t number) {
        return PacketOrigin{std::nullopt, 0, number};
    };
    EXPECT_EQ(verdicts(at_interface(2), 3), "none duplicate known");
    EXPECT_EQ(verdicts({std::nullopt, 63, 0}, 3), "none duplicate known");
    EXPECT_EQ(verdicts(at_interface(2), 1'001), "cut retransmission or duplicate consistent");
    EXPECT_EQ(verdicts({}, 3), "cut retransmission or duplicate consistent");
}

TEST(Verdicts, OfProbesWithAnOldByte) {
    ScriptedConnection keep_alive;
    keep_alive.data(0, 100, 50'000);
    keep_alive.client_ack(100, 70'000);
    keep_alive.data(99, 1, 5'000'000);
    EXPECT_EQ(keep_alive.verdicts(), "none keep-alive consistent");

    ScriptedConnection window;
    window.client_ack(0, 45'000, 100);
    window.data(0, 100, 50'000);
    window.client_ack(100, 70'000, 0);
    window.data(100, 1, 270'000);
    EXPECT_EQ(window.verdicts(), "held window-probe consistent");
    window.data(100, 1, 670'000);
    EXPECT_EQ(window.verdicts(), "none window-probe or retransmission consistent");
}

/// At the receiver, an acknowledgement may have released what comes a little later; not what comes
/// first, nor what comes long after.
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
TEST(ReadVerdicts, ByWhatHadCome) {
    ScriptedConnection scripted(false);
    scripted.data(0, 100, 60'000);
    scripted.data(100, 100, 61'000);
    scripted.data(200, 100, 62'000);
    scripted.read(0, 100, 4096, 60'100);
    EXPECT_EQ(scripted.read_verdict(0), "segment consistent");
    // Both had come before the call, and before the read that preceded it had returned.
    scripted.read(100, 200, 4096, 80'000);
    EXPECT_EQ(scripted.read_verdict(100), "slow-reader consistent");
}

TEST(ReadVerdicts, ByWhatWasAskedFor) {
    ScriptedConnection scripted(false);
    scripted.data(0, 300, 60'000);
    scripted.read(0, 100, 100, 60'100);
    EXPECT_EQ(scripted.read_verdict(0), "read-size consistent");
    ReceiveState state;
    state.unread = 100;
    state.low_water = 100;
    scripted.read(100, 100, 4096, 60'200, state);
    EXPECT_EQ(scripted.read_verdict(100), "low-water or segment consistent");
    state.unread = 0;
    state.low_water = 1;
    scripted.read(200, 100, 4096, 60'300, state);
    EXPECT_EQ(scripted.read_verdict(200), "segment known");
}

TEST(ReadVerdicts, OfASegmentThatNoPacketHolds) {
    ScriptedConnection scripted(false);
    scripted.data(0, 4000, 60'000);
    scripted.read(0, 4000, 65'536, 60'100);
    EXPECT_EQ(scripted.read_verdict(0), "gro consistent");
}

TEST(ReadVerdicts, OfSeveralSegmentsWhereTimesDoNotCompare) {
    ScriptedConnection scripted;  // captured at the server
    scripted.data(0, 100, 60'000);
    scripted.data(100, 100, 61'000);
    scripted.read(0, 200, 4096, 80'000);
    EXPECT_EQ(scripted.read_verdict(0), "waited consistent");
}

TEST(ReadVerdicts, OfBytesThatTheCaptureDoesNotHave) {
    ScriptedConnection scripted(false);
    scripted.data(100, 100, 60'000);
    scripted.read(0, 100, 4096, 60'100);
    EXPECT_EQ(scripted.read_verdict(0), "unknown unknown");
}

}  // namespace
}  // namespace seamark::verdicts_test
