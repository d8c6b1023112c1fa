// SPDX-License-Identifier: GPL-2.0-or-later
//
// Segments by what the kernel said of their writes, where the times say little.
#include <gtest/gtest.h>

#include "support/scripted_connection.hpp"

namespace seamark::write_moments_test {
namespace {

using test::open_state;
using test::ScriptedConnection;

/// Times at the receiver do not compare with those of calls; what the kernel recorded still holds.
TEST(WriteMoments, AtTheReceiverTheKernelsStateIsAllThereIs) {
    ScriptedConnection scripted(false);
    scripted.write(0, 32, 50'000, {.state = open_state(32)});
    scripted.data(0, 32, 90'000);
    EXPECT_EQ(scripted.verdicts(), "held nagle known");
    ScriptedConnection options_alone(false);
    options_alone.write(0, 32, 50'000, {.flags = test::kNodelay});
    options_alone.write(32, 32, 50'010, {.flags = test::kNodelay});
    options_alone.data(0, 64, 90'000);
    EXPECT_EQ(options_alone.verdicts(), "merge unknown unknown")
        << "TCP_NODELAY excludes Nagle, and nothing else is known";
}

/// 500 bytes were unsent when the call returned, and 1540 of it lay after the segment's end: the
/// call did not stop there.
TEST(WriteMoments, ACutWhereTheCallDidNotStopIsOfThePacket) {
    ScriptedConnection scripted;
    scripted.write(0, 3000, 50'000, {.state = open_state(500)});
    scripted.data(0, 1460, 50'001);
    EXPECT_EQ(scripted.verdicts(), "cut mss consistent");
}

/// A small segment is in flight. Of three writes the first is explained by its state; of the second
/// none was recorded, and no acknowledgement released it.
TEST(WriteMoments, NeighbouringMergesAreToldApartByHowSureTheyAre) {
    ScriptedConnection scripted;
    scripted.data(0, 100, 49'000);
    scripted.write(100, 32, 50'000, {.state = open_state(32)});
    scripted.write(132, 32, 50'010, {});
    scripted.write(164, 32, 50'020, {});
    scripted.data(100, 96, 50'024);  // while the last is under way: captured where it was sent
    EXPECT_EQ(scripted.verdicts(), "merge nagle known, merge unknown unknown");
}

/// The segment before left after the write had returned: how long the connection had rested at that
/// moment is not known.
TEST(WriteMoments, ASegmentThatLeftAfterTheCallIsNoRestBeforeIt) {
    ScriptedConnection scripted;
    scripted.write(0, 32, 50'000, {.state = open_state(32)});
    scripted.write(32, 32, 50'010, {.state = open_state(48)});
    scripted.data(0, 16, 50'020);
    scripted.data(16, 48, 50'030);
    EXPECT_EQ(scripted.verdicts(), "merge nagle known");
}

}  // namespace
}  // namespace seamark::write_moments_test
