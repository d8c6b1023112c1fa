// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads by when their bytes had come, where the capture was taken at the reader.
#include <gtest/gtest.h>

#include "support/local.hpp"

namespace seamark::read_moments_test {
namespace {

using test::Local;

/// The program waited in its call, and took what came first.
TEST(ReadMoments, ACallThatWaitedTookTheFirstSegment) {
    Local one;  // one machine: the capture is at both ends
    one.data(0, 100, 60'000);
    one.data(100, 100, 61'000);
    one.read(0, 100, 4096, 50'000);
    EXPECT_EQ(one.read_verdict(0), "segment consistent");
}

TEST(ReadMoments, ACallThatWaitedUntilItsBufferWasFullIsCutByItsSize) {
    Local one;
    one.data(0, 100, 60'000);
    one.data(100, 100, 61'000);
    one.read(0, 200, 200, 59'000);
    EXPECT_EQ(one.read_verdict(0), "read-size consistent");
}

/// It slept 5 µs between its reads, and the segments had come long before: not its own sleep let
/// them wait.
TEST(ReadMoments, AQuickReaderIsNotSlow) {
    Local one;
    one.data(0, 100, 60'000);
    one.data(100, 100, 60'001);
    one.data(200, 100, 61'000);
    one.read(0, 100, 100, 79'990);
    one.read(100, 200, 4096, 80'000);
    EXPECT_EQ(one.read_verdict(100), "waited consistent");
}

TEST(ReadMoments, BytesThatAreLeftUnreadLeaveNothingKnown) {
    ReceiveState state;
    state.low_water = 1;
    state.unread = 100;
    Local one;
    one.data(0, 100, 60'000);
    one.read(0, 100, 4096, 60'010, state);
    EXPECT_EQ(one.read_verdict(0), "segment consistent");
    state.unread = 0;
    one.data(100, 100, 61'000);
    one.read(100, 100, 4096, 61'010, state);
    EXPECT_EQ(one.read_verdict(100), "segment known");
}

/// The client is far from the server, and captured: only with an MSS is a segment too large for one
/// packet.
TEST(ReadMoments, WithoutAnMssNoSegmentIsTooLarge) {
    Local::Opening far{.answered = 20'000, .acknowledged = 20'010};
    Local known(far);
    known.data(0, 4000, 60'000);
    known.read(0, 4000, 65'536, 60'010);
    EXPECT_EQ(known.read_verdict(0), "gro consistent");
    far.mss = {};
    Local unknown(far);
    unknown.data(0, 4000, 60'000);
    unknown.read(0, 4000, 65'536, 60'010);
    EXPECT_EQ(unknown.read_verdict(0), "segment consistent");
}

TEST(ReadMoments, OfAFrameThatWasDroppedNothingIsKnown) {
    Local one;
    const FrameNumber frame = one.data(0, 100, 60'000);
    one.connection.forget(frame);
    one.read(0, 100, 4096, 60'010);
    EXPECT_EQ(one.read_verdict(0), "unknown unknown");
}

}  // namespace
}  // namespace seamark::read_moments_test
