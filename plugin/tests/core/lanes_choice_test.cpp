// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lanes of what a filter chooses, of what is not there, and of calls that lie behind the capture.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/picture/timeline.hpp"
#include "support/four_lanes.hpp"

namespace seamark::lanes_choice_test {
namespace {

using namespace test;

FrameFilter only(std::uint32_t number) {
    return [number](FrameNumber frame) { return frame == FrameNumber{number}; };
}

std::vector<Lanes> lanes_of(const std::vector<CaptureEntry>& entries,
                            const FrameFilter& keep = {}) {
    return gather_lanes(entries, keep);
}

/// A body without chunks has no pieces: of it just the bytes of the chosen frames are shown.
TEST(LanesChoice, OfABodyOfKnownLengthIsWhatTheFrameBrought) {
    Feeder feeder;
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    feeder.server(head + "abc");
    feeder.server("def");
    feeder.server("ghi");
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const auto second = lanes_of(entries, only(2));
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].shown_bytes(), 3U);
    EXPECT_EQ(second[0].offset(second[0].shown[0].begin), PublicOffset{head.size() + 3});
    const auto first = lanes_of(entries, only(1));
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].shown_bytes(), head.size() + 3);
}

/// A frame of which the snap length left no payload chooses nothing.
TEST(LanesChoice, AFrameWithoutCapturedBytesChoosesNothing) {
    Feeder feeder;
    feeder.server(kHead);
    feeder.at(kServer, 47, "5\r\nhello\r\n", {.cut = 10});
    const std::vector<CaptureEntry> entries{entry(feeder)};
    EXPECT_EQ(lanes_of(entries, only(1)).size(), 1U);
    EXPECT_TRUE(lanes_of(entries, only(2)).empty());
    EXPECT_TRUE(lanes_of(entries, only(3)).empty());
}

TEST(LanesChoice, BytesOfADroppedFrameAreMissing) {
    Feeder feeder;
    feeder.server(kHead);
    const unsigned dropped = feeder.server("5\r\nhello\r\n");
    feeder.connection().forget(FrameNumber{dropped});
    feeder.server("0\r\n\r\n");
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const auto all = lanes_of(entries);
    ASSERT_EQ(all.size(), 1U);
    const auto segments = all[0].pieces(LaneKind::kSegments);
    ASSERT_EQ(segments.size(), 3U);
    EXPECT_NE(segments[0].as<SegmentPiece>().segment, nullptr);
    EXPECT_EQ(segments[1].as<SegmentPiece>().segment, nullptr);
    const Timeline line(all[0], 100);
    EXPECT_EQ(std::count(line.remarks.begin(), line.remarks.end(),
                         "1 run of bytes that no frame of the capture has: not drawn"),
              1);
}

/// A chunk that was captured on both sides of a hole lasts from the one to the other.
TEST(LanesChoice, AHoleInsideAChunkIsNotDrawnInTime) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhe");
    feeder.lose(kServer, "ll");
    feeder.server("o\r\n0\r\n\r\n");
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const auto all = lanes_of(entries);
    ASSERT_EQ(all.size(), 1U);
    const Timeline line(all[0], 100);
    const auto chunks = std::find_if(line.lanes.begin(), line.lanes.end(),
                                     [](const TimedLane& lane) { return lane.name == "chunks"; });
    ASSERT_NE(chunks, line.lanes.end());
    EXPECT_EQ(chunks->marks.size(), 3U) << "the head, the chunk and the last one";
    EXPECT_EQ(std::count(line.remarks.begin(), line.remarks.end(),
                         "1 run of bytes that no frame of the capture has: not drawn"),
              1);
}

/// What is not chosen is not drawn when it is sent again, either.
TEST(LanesChoice, ARetransmissionOfOtherBytesIsNotDrawn) {
    Feeder feeder;
    feeder.server(kHead);
    feeder.server("5\r\nhello\r\n");
    feeder.at(kServer, 47, "5\r\nhello\r\n");
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const auto marks = [&](const FrameFilter& keep) {
        const auto all = lanes_of(entries, keep);
        return Timeline(all.at(0), 100).lanes.back().marks.size();
    };
    EXPECT_EQ(marks(only(2)), 2U) << "the segment, and once more";
    EXPECT_EQ(marks(only(1)), 1U);
}

/// A call that begins within the capture is shown as far as that goes; one behind it is counted.
TEST(LanesChoice, CallsBehindTheCaptureAreCounted) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhello\r\n");  // 57
    write(feeder, 1, 0, 100);
    write(feeder, 2, 100, 10);
    call(feeder, EventKind::kRead, 1, 57, 10, 10);
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const auto all = lanes_of(entries);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].pieces(LaneKind::kWrites).size(), 1U);
    EXPECT_EQ(all[0].pieces(LaneKind::kWrites)[0].range().length(), 57U);
    EXPECT_EQ(all[0].unplaced, 2U) << "write 2 and the read";
}

TEST(LanesChoice, LanesThatWereNotFilledAreEmpty) {
    Feeder feeder;
    feeder.server(kHead);
    const CaptureEntry of = entry(feeder);
    const Lanes lanes(of, kServer);
    EXPECT_TRUE(lanes.pieces(LaneKind::kChunks).empty());
    EXPECT_EQ(lanes.exchanges(), std::nullopt);
    EXPECT_EQ(lanes.shown_bytes(), 0U);
}

}  // namespace
}  // namespace seamark::lanes_choice_test
