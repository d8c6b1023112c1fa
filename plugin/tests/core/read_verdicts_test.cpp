// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of single reads.
#include <gtest/gtest.h>

#include <string>

#include "support/scripted_connection.hpp"

namespace seamark::read_verdicts_test {
namespace {

using test::ScriptedConnection;

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
}  // namespace seamark::read_verdicts_test
