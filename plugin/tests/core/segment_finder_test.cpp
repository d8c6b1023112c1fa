// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/segment_finder.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <span>

#include "support/feeder.hpp"

namespace seamark::segment_finder_test {
namespace {

using namespace test;

void expect_equal(SegmentFinder& finder, const Stream& stream, std::uint32_t frame) {
    const SegmentRange expected = Overlay(stream).segments_of(FrameNumber{frame});
    const SegmentRange found = finder.segments_of(stream, FrameNumber{frame});
    EXPECT_EQ(found.first, expected.first) << "frame " << frame;
    EXPECT_EQ(found.last, expected.last) << "frame " << frame;
}

TEST(SegmentFinder, FindsWhatTheOverlayFindsInAnyOrder) {
    // Frames of the server carry one segment, or none, or three as those of tunnels do.
    Feeder feeder;
    CapturedSegment segment;
    segment.wire_length = 1;
    segment.payload = std::span(reinterpret_cast<const std::uint8_t*>("x"), 1);
    for (std::uint32_t frame = 5, sequence = 1000; frame < 305; ++frame)
        for (std::uint32_t i = 0; i < (frame % 4 == 2 ? 0 : frame % 4); ++i) {
            segment.frame = FrameNumber{frame};
            segment.header.sequence = RawSequence{sequence++};
            feeder.connection().add(kServer, segment);
        }
    const Stream& stream = feeder.stream(kServer);
    const auto last = static_cast<std::uint32_t>(stream.lane().segments().back().frame) + 3;
    SegmentFinder finder;
    for (std::uint32_t frame = 0; frame <= last; ++frame) expect_equal(finder, stream, frame);
    for (std::uint32_t frame = last; frame-- > 0;) expect_equal(finder, stream, frame);
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i)
        expect_equal(finder, stream, static_cast<std::uint32_t>(random() % (last + 1)));
}

}  // namespace
}  // namespace seamark::segment_finder_test
