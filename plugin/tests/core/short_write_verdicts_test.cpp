// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of writes of which less was taken than given, and of what is left of a write that was
// cut.
#include <gtest/gtest.h>

#include <string>

#include "support/scripted_connection.hpp"

namespace seamark::short_write_verdicts_test {
namespace {

using test::open_state;
using test::ScriptedConnection;

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

}  // namespace
}  // namespace seamark::short_write_verdicts_test
