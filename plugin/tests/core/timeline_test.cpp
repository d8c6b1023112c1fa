// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/base/moment.hpp"
#include "core/picture/svg_page.hpp"
#include "core/picture/time_scale.hpp"
#include "core/picture/timeline_svg.hpp"
#include "support/body.hpp"
#include "support/feeder.hpp"
#include "support/position.hpp"

namespace seamark::timeline_test {
namespace {

using namespace test;

constexpr std::int64_t kMicrosecond = 1000;
constexpr std::int64_t kMillisecond = 1000000;

TEST(TimeScale, DrawsToScaleWhatLiesCloseTogether) {
    const TimeScale scale({{0, 10}, {20, 30}, {40, 40}});
    EXPECT_TRUE(scale.idles().empty());
    EXPECT_DOUBLE_EQ(scale.at(0), 0);
    EXPECT_DOUBLE_EQ(scale.at(20), 2 * scale.at(10));
    EXPECT_DOUBLE_EQ(scale.width(), 4 * scale.at(10));
}

TEST(TimeScale, DrawsALongIdleStretchShortAndGoesOnToScaleBehindIt) {
    const std::int64_t pause = 500 * kMillisecond;
    const TimeScale scale({{0, 10}, {20, 30}, {pause, pause + 10}, {pause + 20, pause + 30}});
    ASSERT_EQ(scale.idles().size(), 1U);
    EXPECT_EQ(scale.idles()[0].when.begin, 30);
    EXPECT_EQ(scale.idles()[0].when.end, pause);
    EXPECT_DOUBLE_EQ(scale.at(pause) - scale.at(30), TimeScale::kIdleWidth);
    EXPECT_DOUBLE_EQ(scale.at(pause + 10) - scale.at(pause), scale.at(10) - scale.at(0));
    // In the middle of the pause is the middle of its width.
    EXPECT_NEAR(scale.at(15 + pause / 2), scale.at(30) + TimeScale::kIdleWidth / 2, 1e-3);
}

TEST(TimeScale, NeverRunsBackwards) {
    std::vector<TimeSpan> spans;
    for (std::int64_t i = 1; i < 60; ++i) spans.push_back({i * i * i * 1000, i * i * i * 1001});
    const TimeScale scale(spans);
    double before = -1;
    for (std::int64_t time = 0; time < 300 * kMillisecond; time += 37 * kMicrosecond) {
        EXPECT_GE(scale.at(time), before);
        before = scale.at(time);
    }
}

TEST(TimeScale, TakesOneMomentAlone) {
    const TimeScale scale({{7, 7}, {7, 7}});
    EXPECT_DOUBLE_EQ(scale.width(), 0);
    EXPECT_GE(scale.stretch(90), 1);
}

TEST(TimeScale, HasStepsThatFitBehindTheFurthestMoments) {
    const TimeScale scale({{kFirstMoment, 0}, {kLastMoment, kLastMoment}});
    EXPECT_GT(scale.stretch(90), kMillisecond);
    EXPECT_GT(std::numeric_limits<std::int64_t>::max() - kLastMoment,
              static_cast<std::int64_t>(round_step(static_cast<std::uint64_t>(scale.stretch(90)))));
}

TEST(Timeline, LinksWhatSharesBytes) {
    using Ranges = std::vector<ByteRange>;
    // Two writes in one segment, a third in two; a hole between.
    EXPECT_EQ(links(Ranges{{0_at, 10_at}, {10_at, 20_at}, {30_at, 60_at}},
                    Ranges{{0_at, 20_at}, {25_at, 40_at}, {40_at, 70_at}}),
              (Links{{0, 0}, {1, 0}, {2, 1}, {2, 2}}));
    EXPECT_EQ(links(Ranges{{0_at, 10_at}}, Ranges{{10_at, 20_at}}), Links{});
    // A head before the body, and a size line within it, have none of its bytes.
    using Bodies = std::vector<BodyRange>;
    const Bodies lines{{}, body(0, 10), {}, body(10, 20), {}};
    const Bodies calls{{}, {}, body(0, 20), {}};
    EXPECT_EQ(links(lines, calls), (Links{{1, 2}, {3, 2}}));
    EXPECT_EQ(links(calls, lines), (Links{{2, 1}, {2, 3}}));
}

/// Captured and recorded at given moments; the feeder itself knows no time.
struct Recorded {
    Recorded() {
        segment(kServer, 0, std::string(kHead) + "5\r\nhe", 1 * kMillisecond);
        segment(kServer, 52, "llo\r\n", 3 * kMillisecond);
        event(1, 0, 52, 900 * kMicrosecond);
        event(2, 52, 5, 1500 * kMicrosecond);
    }
    static constexpr std::string_view kHead =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47

    void segment(Side side, std::uint32_t position, std::string_view bytes, std::int64_t time) {
        if (frame == 0) connection.add(side, syn());
        CapturedSegment captured;
        captured.frame = FrameNumber{++frame};
        captured.time = time;
        captured.header.sequence = RawSequence{1 + position};
        captured.wire_length = static_cast<std::uint32_t>(bytes.size());
        captured.payload = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        connection.add(side, captured);
    }
    void event(std::uint64_t index, std::uint64_t offset, std::int64_t taken, std::int64_t time) {
        IoEvent write;
        write.kind = EventKind::kWrite;
        write.call = Call::kSend;
        write.flags = EventFlags::kOffsetKnown;
        write.index = index;
        write.offset = offset;
        write.requested = static_cast<std::uint64_t>(taken);
        write.returned = taken;
        write.entered = time;
        write.left = time + 50 * kMicrosecond;
        connection.add_event(kServer, write, FrameNumber{90});
    }
    static CapturedSegment syn() {
        CapturedSegment captured;
        captured.header.sequence = RawSequence{0};
        captured.header.syn = true;
        return captured;
    }
    std::vector<CaptureEntry> entries() {
        connection.finish();
        return {{3, &connection, {"192.0.2.1", 40000}, {"192.0.2.2", 80}}};
    }

    WaitingBudget budget;
    Connection connection{budget};
    std::uint32_t frame = 0;
};

TEST(Timeline, HasCallsSegmentsAndChunksAtTheirTimes) {
    Recorded recorded;
    const auto entries = recorded.entries();
    const auto all = gather_lanes(entries, {});
    ASSERT_EQ(all.size(), 1U);
    const Timeline line(all[0], 100);
    ASSERT_EQ(line.lanes.size(), 3U);  // no reads were recorded
    EXPECT_EQ(line.lanes[0].name, "writes");
    EXPECT_EQ(line.lanes[0].marks[1].when.begin, 1500 * kMicrosecond);
    EXPECT_EQ(line.lanes[0].marks[1].when.end, 1550 * kMicrosecond);
    EXPECT_EQ(line.lanes[1].name, "chunks");
    ASSERT_EQ(line.lanes[1].marks.size(), 2U);  // the head, and the chunk that was cut
    EXPECT_EQ(line.lanes[1].marks[1].when.begin, 1 * kMillisecond);
    EXPECT_EQ(line.lanes[1].marks[1].when.end, 3 * kMillisecond);
    EXPECT_EQ(line.lanes[2].marks[1].when.begin, 3 * kMillisecond);
}

TEST(Timeline, DrawsARetransmissionWhereItWasCapturedAndLinksItWithNothing) {
    Recorded recorded;
    recorded.segment(kServer, 52, "llo\r\n", 203 * kMillisecond);
    const auto entries = recorded.entries();
    const auto all = gather_lanes(entries, {});
    const Timeline line(all.at(0), 100);
    const TimedLane& segments = line.lanes.at(2);
    ASSERT_EQ(segments.marks.size(), 3U);
    EXPECT_EQ(segments.linked, 2U);
    EXPECT_EQ(segments.marks[2].when.begin, 203 * kMillisecond);
    EXPECT_EQ(segments.marks[2].label, "again");
}

TEST(Timeline, TakesNoMoreThanItIsToldAndSaysSo) {
    Recorded recorded;
    const auto entries = recorded.entries();
    const auto all = gather_lanes(entries, {});
    const Timeline line(all.at(0), 1);
    for (const TimedLane& lane : line.lanes) EXPECT_EQ(lane.marks.size(), 1U);
    ASSERT_FALSE(line.remarks.empty());
    EXPECT_NE(line.remarks.back().find("first 1 piece"), std::string::npos);
}

TEST(TimelineSvg, SaysHowMuchIdleTimeIsDrawnShort) {
    Recorded recorded;
    for (int i = 0; i < 40; ++i)
        recorded.segment(kServer, 57 + static_cast<std::uint32_t>(i), "x",
                         3 * kMillisecond + 10 * kMicrosecond * (i + 1));
    recorded.segment(kServer, 97, "x", 500 * kMillisecond);
    std::string picture;
    const auto entries = recorded.entries();
    write_timeline_svg(gather_lanes(entries, {}),
                       [&](std::string_view line) { picture.append(line).append("\n"); });
    EXPECT_NE(picture.find("are drawn short"), std::string::npos);
    EXPECT_NE(picture.find("↔ 496.600 ms"), std::string::npos) << picture;
    EXPECT_EQ(picture.find("<script"), std::string::npos);
}

TEST(TimelineSvg, IsSmallHoweverFarApartTheMomentsAre) {
    Recorded recorded;
    std::uint32_t at = 57;
    for (const std::int64_t time : {kFirstMoment, std::int64_t{0}, kLastMoment, kLastMoment - 1})
        recorded.segment(kServer, at++, "x", time);
    std::size_t size = 0;
    const auto entries = recorded.entries();
    write_timeline_svg(gather_lanes(entries, {}),
                       [&](std::string_view line) { size += line.size(); });
    EXPECT_GT(size, 1000U);
    EXPECT_LT(size, 20000U);
}

TEST(TimelineSvg, OfNothingIsAPictureThatSaysSo) {
    std::string picture;
    write_timeline_svg({}, [&](std::string_view line) { picture.append(line); });
    EXPECT_NE(picture.find("No HTTP/1.x stream matches."), std::string::npos);
}

}  // namespace
}  // namespace seamark::timeline_test
