// SPDX-License-Identifier: GPL-2.0-or-later
//
// Verdicts of reads, from connections laid down by hand.
#include <gtest/gtest.h>

#include "support/scripted_connection.hpp"

namespace seamark::read_cause_test {
namespace {

using test::ScriptedConnection;

TEST(ReadCause, OneSegmentAtOnce) {
    ScriptedConnection scripted(false);
    scripted.data(0, 32, 50'000);
    scripted.read(0, 32, 65536, 50'010, ReceiveState{0, 1, 0, 131'072});
    EXPECT_EQ(scripted.read_verdict(0), "segment known");
}

TEST(ReadCause, SegmentsThatHadComeBeforeAndTheSizeAsked) {
    ScriptedConnection scripted(false);
    scripted.data(0, 32, 50'000);
    scripted.data(32, 32, 50'100);
    scripted.read(0, 64, 65536, 51'000, ReceiveState{0, 1, 0, 131'072});
    EXPECT_EQ(scripted.read_verdict(0), "waited known");
    scripted.data(64, 32, 52'000);
    scripted.read(64, 16, 16, 52'010);
    EXPECT_EQ(scripted.read_verdict(64), "read-size consistent");
}

TEST(ReadCause, AProgramThatSleptBetweenItsReads) {
    ScriptedConnection scripted(false);
    scripted.data(0, 32, 50'000);
    scripted.read(0, 32, 65536, 50'010);
    scripted.data(32, 32, 60'000);
    scripted.data(64, 32, 70'000);
    scripted.read(32, 64, 65536, 90'000);
    EXPECT_EQ(scripted.read_verdict(32), "slow-reader consistent");
}

TEST(ReadCause, LowWaterMarkAndGro) {
    ScriptedConnection scripted(false);
    scripted.data(0, 32, 50'000);
    scripted.data(32, 32, 50'100);
    scripted.read(0, 64, 65536, 50'110, ReceiveState{0, 64, 0, 131'072});
    EXPECT_EQ(scripted.read_verdict(0), "low-water or waited consistent");
    scripted.data(64, 4380, 60'000);
    scripted.read(64, 4380, 65536, 60'010);
    EXPECT_EQ(scripted.read_verdict(64), "gro consistent");
}

/// Each frame of a read asks anew, so that not all segments of a very long one can be looked at.
TEST(ReadCause, OfManySegmentsIsConsistentAtMost) {
    for (const std::uint32_t segments : {1000U, 2000U}) {
        ScriptedConnection scripted(false);
        for (std::uint32_t i = 0; i < segments; ++i) scripted.data(i, 1, 50'000 + i);
        scripted.read(0, segments, 65536, 60'000, ReceiveState{0, 1, 0, 131'072});
        EXPECT_EQ(scripted.read_verdict(0),
                  segments == 1000 ? "waited known" : "waited consistent");
    }
}

}  // namespace
}  // namespace seamark::read_cause_test
