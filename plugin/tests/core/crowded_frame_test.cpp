// SPDX-License-Identifier: GPL-2.0-or-later
//
// A frame may carry several segments of a direction: a tunnel's packets in one datagram.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "core/cause/chunk_causes.hpp"
#include "core/report/cause_words.hpp"
#include "core/stream/overlay.hpp"
#include "support/feeder.hpp"
#include "support/place.hpp"
#include "support/text.hpp"

namespace seamark::crowded_frame_test {
namespace {

using namespace test;

/// The server's direction after its SYN, frames as the test says.
struct Crowded {
    explicit Crowded(bool both_sides = true) {
        for (const Side side : {kClient, kServer}) {
            if (side == kClient && !both_sides) continue;
            CapturedSegment syn;
            syn.header.syn = true;
            syn.header.sequence = RawSequence{999};
            syn.header.announced_mss = std::uint16_t{1460};
            connection.add(side, syn);
        }
    }
    void add(std::uint32_t frame, std::uint32_t at, const std::string& bytes, std::uint32_t cut = 0,
             bool psh = true) {
        CapturedSegment segment;
        segment.frame = FrameNumber{frame};
        segment.time = std::int64_t{frame} * 1000;
        segment.header.sequence = RawSequence{1000 + at};
        segment.header.psh = psh;
        segment.wire_length = static_cast<std::uint32_t>(bytes.size());
        segment.payload = bytes_of(bytes).first(bytes.size() - cut);
        connection.add(kServer, segment);
    }
    const Stream& stream() const { return std::as_const(connection).stream(kServer); }
    Overlay overlay() const { return Overlay(stream()); }
    StreamOffset at(std::uint64_t offset) const {
        return place(stream(), offset, offset + 1).begin;
    }

    WaitingBudget budget;
    Connection connection{budget};
};

const std::string kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47

TEST(CrowdedFrame, EachByteIsThatOfItsSegment) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(2, 47, "5\r\nhe");
    c.add(2, 52, "llo\r\n");
    EXPECT_EQ(c.overlay().segments_of(FrameNumber{2}).size(), 2U);
    EXPECT_EQ(c.overlay().segment_with(FrameNumber{2}, c.at(51))->range(),
              place(c.stream(), 47, 52));
    EXPECT_EQ(c.overlay().segment_with(FrameNumber{2}, c.at(52))->range(),
              place(c.stream(), 52, 57));
    EXPECT_EQ(c.overlay().segment_with(FrameNumber{2}, c.at(46)), nullptr) << "frame 1 has it";
    EXPECT_EQ(c.overlay().segment_with(FrameNumber{3}, c.at(46)), nullptr) << "there is no frame 3";
}

TEST(CrowdedFrame, EachSegmentHasItsStateAndItsPredecessor) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(2, 47, "5\r\nhe");
    c.add(2, 52, "llo\r\n");
    const SegmentLane& lane = c.stream().lane();
    const auto& all = lane.segments();
    EXPECT_EQ(lane.before(all[0]), nullptr);
    EXPECT_EQ(lane.before(all[1]), &all[0]);
    EXPECT_EQ(lane.before(all[2]), &all[1]);
    EXPECT_NE(lane.send_state(all[1]), nullptr);
    EXPECT_NE(lane.send_state(all[1]), lane.send_state(all[2]));
    const Segment copy = all[1];
    EXPECT_EQ(lane.send_state(copy), nullptr) << "a copy is none of the lane's";
    EXPECT_EQ(lane.before(copy), nullptr);
    Segment later = all[2];
    later.frame = FrameNumber{9};
    EXPECT_EQ(lane.send_state(later), nullptr);
}

TEST(CrowdedFrame, WhatTheCaptureDoesNotHaveHasNoTime) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(3, 60, "x");
    EXPECT_FALSE(c.overlay().arrival(c.at(50)));
    EXPECT_EQ(c.overlay().arrival(c.at(60))->frame, FrameNumber{3});
    EXPECT_EQ(c.overlay().time_of(FrameNumber{3}), 3000);
    EXPECT_EQ(c.overlay().time_of(FrameNumber{2}), std::nullopt);
}

/// Frame 2 has bytes on both sides of frame 3's, which came later and was sent first.
TEST(CrowdedFrame, AFrameThatRecursIsListedOnce) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(2, 47, "5\r\n");
    c.add(2, 52, "llo\r\n");
    c.add(3, 50, "he");
    std::vector<FrameNumber> listed;
    const ByteRange chunk = place(c.stream(), 47, 57);
    const Carriage carriage = c.overlay().carriage(chunk, 10, listed);
    EXPECT_EQ(carriage.frames, 2U);
    EXPECT_EQ(carriage.first, FrameNumber{2});
    EXPECT_EQ(carriage.last, FrameNumber{3});
    EXPECT_EQ(listed, (std::vector<FrameNumber>{FrameNumber{2}, FrameNumber{3}}));
    EXPECT_FALSE(c.overlay().carriage(chunk, 2, listed).all_listed) << "two of three runs";
}

TEST(CrowdedFrame, AChunkWithoutItsEndIsNotComplete) {
    Crowded c;
    c.add(1, 0, kHead + "5\r\nhel");
    const Chunk& chunk = c.stream().messages().chunks()[0];
    EXPECT_FALSE(c.overlay().completion(chunk).complete);
    EXPECT_EQ(c.overlay().completion(chunk).frame, FrameNumber::kNone);
    c.add(2, 53, "lo\r\n");
    const Chunk& ended = c.stream().messages().chunks()[0];
    EXPECT_TRUE(c.overlay().completion(ended).complete);
    EXPECT_EQ(c.overlay().completion(ended).frame, FrameNumber{2});
}

/// Of frame 2's segments one repeats the head, and one has the next chunk, which was not pushed:
/// they say nothing of this chunk. The head is a small segment, and no acknowledgement has come:
/// what leaves behind it is not held by Nagle's algorithm.
TEST(CrowdedFrame, AChunksCausesAreThoseOfItsOwnSegments) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(2, 0, kHead);
    c.add(2, 47, "5\r\n");
    c.add(2, 52, "llo\r\n");
    c.add(2, 57, "0\r\n\r\n", 0, false);
    c.add(3, 50, "he");
    const ByteRange chunk = place(c.stream(), 47, 57);
    std::vector<CarriedRun> runs;
    c.overlay().carriers(chunk, 10, runs);
    ASSERT_EQ(runs.size(), 3U) << "frames 2, 3 and 2 again";
    ChunkCauses causes;
    const auto& groups = causes.gather(c.connection, kServer, chunk, runs);
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(words::causes(groups[0].causes), "write or cwnd");
    EXPECT_EQ((std::set<FrameNumber>(groups[0].frames.begin(), groups[0].frames.end())),
              (std::set<FrameNumber>{FrameNumber{2}, FrameNumber{3}}));
    const auto& next = causes.gather(c.connection, kServer, place(c.stream(), 57, 62), runs);
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(words::causes(next[0].causes), "cork, more, rwnd or write");
}

/// Where the client's side is not captured, no acknowledgement can be: it is not known what is in
/// flight.
TEST(CrowdedFrame, WhatIsInFlightIsKnownOfBothSidesAlone) {
    for (const bool both_sides : {true, false}) {
        Crowded c(both_sides);
        c.add(1, 0, kHead);
        c.add(2, 47, "5\r\nhello\r\n");
        const SegmentLane& lane = c.stream().lane();
        ASSERT_EQ(lane.segments().size(), 2U);
        const SendState* state = lane.send_state(lane.segments()[1]);
        ASSERT_NE(state, nullptr);
        EXPECT_EQ(state->in_flight, both_sides ? 47 : SendState::kUnknown);
    }
}

/// The snap length left nothing of a segment: it is one all the same, and no repetition.
TEST(CrowdedFrame, ASegmentWithoutCapturedBytesCounts) {
    Crowded c;
    c.add(1, 0, kHead);
    c.add(2, 47, "5\r\nhello\r\n", 10);
    const SegmentLane& lane = c.stream().lane();
    ASSERT_EQ(lane.segments().size(), 2U);
    EXPECT_EQ(lane.segments()[1].index, 2U);
    EXPECT_FALSE(lane.segments()[1].retransmission());
    EXPECT_EQ(lane.segments()[1].captured, 0U);
    EXPECT_EQ(lane.segments()[1].wire_length, 10U);
}

TEST(CrowdedFrame, AForgottenFrameTakesItsSegmentsWithIt) {
    Crowded c;
    c.add(1, 0, "no HTTP");
    c.add(2, 0, "no HTTP");
    EXPECT_EQ(c.stream().lane().count(), 1U);
    c.connection.forget(FrameNumber{2});
    EXPECT_EQ(c.stream().lane().segments().size(), 1U);
    EXPECT_EQ(c.stream().lane().count(), 1U) << "a retransmission was not counted";
    c.connection.forget(FrameNumber{1});
    EXPECT_EQ(c.stream().lane().count(), 0U);
    c.add(3, 7, "GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(c.stream().lane().segments()[0].index, 1U);
    EXPECT_EQ(c.stream().messages().size(), 1U) << "the bytes in front stay read";
}

}  // namespace
}  // namespace seamark::crowded_frame_test
