// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is known of a segment before it is judged. The server is captured where it runs unless a
// test says otherwise.
#include "core/cause/segment_facts.hpp"

#include <gtest/gtest.h>

#include "support/scripted_connection.hpp"

namespace seamark::segment_facts_test {
namespace {

using test::kMicro;
using test::kServer;
using test::open_state;
using test::ScriptedConnection;

const Segment& last_segment(const ScriptedConnection& scripted) {
    return std::as_const(scripted.connection).stream(kServer).lane().segments().back();
}

TEST(SegmentFacts, KnowTheWritesAndTheSizeOfAPacket) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.state = open_state(0)});
    scripted.write(32, 32, 50'010, {});
    scripted.data(0, 64, 50'020);
    const SegmentFacts facts(scripted.connection, kServer, last_segment(scripted));
    ASSERT_EQ(facts.writes.size(), 2U);
    EXPECT_EQ(facts.writes[0].range.length(), 32U);
    EXPECT_NE(facts.writes[0].state, nullptr);
    EXPECT_EQ(facts.writes[1].state, nullptr) << "no state was recorded with it";
    EXPECT_EQ(facts.packet, 1460U);
    EXPECT_EQ(facts.length(), 64U);
    EXPECT_TRUE(facts.at_sender());
    ASSERT_NE(facts.before, nullptr);
    EXPECT_EQ(facts.before->wire_length, 43U) << "the head";
}

/// tcpi_snd_mss is what the kernel cuts by: smaller than the handshake's MSS, it counts.
TEST(SegmentFacts, TakeTheKernelsWordForTheSizeOfAPacket) {
    ScriptedConnection scripted;
    KernelState state = open_state(0);
    state.mss = 724;
    scripted.write(0, 32, 50'000, {.state = state});
    scripted.data(0, 32, 50'020);
    EXPECT_EQ(SegmentFacts(scripted.connection, kServer, last_segment(scripted)).packet, 724U);
}

TEST(SegmentFacts, KnowWhetherAnAcknowledgementReleasedIt) {
    ScriptedConnection scripted;
    scripted.write(0, 1460, 49'999, {});  // captured while it was under way: the place is known
    scripted.data(0, 1460, 50'000);
    scripted.client_ack(1460, 70'000);
    scripted.data(1460, 100, 70'010);  // 10 µs later
    EXPECT_EQ(SegmentFacts(scripted.connection, kServer, last_segment(scripted)).released_by_ack(),
              true);
    scripted.data(1560, 100, 90'000);  // 20 ms later
    EXPECT_EQ(SegmentFacts(scripted.connection, kServer, last_segment(scripted)).released_by_ack(),
              false);

    ScriptedConnection guessed;
    guessed.data(0, 1460, 50'000);
    guessed.client_ack(1460, 70'000);
    guessed.data(1460, 100, 90'000);
    EXPECT_EQ(SegmentFacts(guessed.connection, kServer, last_segment(guessed)).released_by_ack(),
              std::nullopt)
        << "a guess excludes nothing";

    ScriptedConnection far(
        false);  // captured at the client: nothing is known of when the server had it
    far.data(0, 100, 50'000);
    EXPECT_EQ(SegmentFacts(far.connection, kServer, last_segment(far)).released_by_ack(),
              std::nullopt);
}

TEST(SegmentFacts, KnowWhetherASmallSegmentWasInFlight) {
    ScriptedConnection scripted;
    scripted.write(0, 100, 49'999, {});
    scripted.data(0, 100, 50'000);
    scripted.data(100, 100, 60'000);
    const auto small_at = [&](std::int64_t time) {
        return SegmentFacts(scripted.connection, kServer, last_segment(scripted))
            .small_in_flight_at(time * kMicro);
    };
    EXPECT_EQ(small_at(55'000), true);
    EXPECT_EQ(small_at(45'000), std::nullopt) << "before the small one was captured";
    scripted.client_ack(200, 65'000);
    scripted.data(200, 100, 70'000);
    EXPECT_EQ(small_at(68'000), false) << "acknowledged by then";
}

}  // namespace
}  // namespace seamark::segment_facts_test
