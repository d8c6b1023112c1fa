// SPDX-License-Identifier: GPL-2.0-or-later
//
// A lane that this program does not have, made by a producer and a row of the table alone: text and
// pictures show it with no other change.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/picture/timeline.hpp"
#include "core/picture/timeline_svg.hpp"
#include "core/report/lanes_text.hpp"
#include "core/report/segment_story.hpp"
#include "support/four_lanes.hpp"
#include "support/legs_world.hpp"

namespace seamark::added_lane_test {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

constexpr LaneKind kRecords{200};
constexpr LaneNames kNames{"records", "record",   "records",
                           "record",  "in clear", "Records: what was sealed together"};

std::string_view look(const LanePiece&) {
    return "other";
}
std::string label(const Lanes&, const LanePiece& piece) {
    return "r" + std::to_string(piece.as<ListedPiece>().index);
}
std::string cell(const Lanes& lanes, const LanePiece& piece, ByteRange, bool begins) {
    return begins ? label(lanes, piece) : std::string();
}
std::string leg_cell(const Lanes& lanes, const LanePiece& piece, bool) {
    return label(lanes, piece);
}
std::string title(const Lanes& lanes, const LanePiece& piece) {
    return "record " + label(lanes, piece);
}

std::vector<LaneStyle> table_with_records() {
    std::vector<LaneStyle> table(lane_table().begin(), lane_table().end());
    table.push_back({kRecords, kNames, kNames, false, true, look, label, cell, leg_cell, title});
    return table;
}

/// The producer: records of 10 bytes, the last one shorter, from the first byte on.
Lane records(const Lanes& lanes) {
    Lane lane{kRecords, {}};
    std::uint64_t index = 0;
    for (const ByteRange shown : lanes.shown)
        for (StreamOffset at = shown.begin; at < shown.end; at += 10)
            lane.pieces.push_back(ListedPiece{{at, std::min(at + 10, shown.end)}, ++index});
    return lane;
}

void add_records(Lanes& lanes) {
    const auto chunks = std::find_if(lanes.lanes.begin(), lanes.lanes.end(), [](const Lane& lane) {
        return lane.kind == LaneKind::kChunks;
    });
    lanes.lanes.insert(chunks, records(lanes));
}

/// The response of four lanes, 57 bytes, with records between writes and chunks.
std::vector<Lanes> with_records(const std::vector<CaptureEntry>& entries) {
    std::vector<Lanes> all = gather_lanes(entries, {});
    for (Lanes& lanes : all) add_records(lanes);
    return all;
}

struct RecordedResponse {
    RecordedResponse() {
        feed_four_lanes(feeder);
        entries = {entry(feeder)};
    }
    Feeder feeder;
    std::vector<CaptureEntry> entries;
};

TEST(AddedLane, HasAColumnInTheText) {
    RecordedResponse world;
    Lines lines;
    const auto table = table_with_records();
    write_lanes_text(
        with_records(world.entries), [&](std::string_view line) { lines.emplace_back(line); }, {},
        table);
    const auto names = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
        return line.starts_with("offset+bytes");
    });
    ASSERT_NE(names, lines.end());
    EXPECT_LT(names->find("write"), names->find("record"));
    EXPECT_LT(names->find("record"), names->find("chunk"));
    // Rows begin at each multiple of 10 as well as at the boundaries of the others.
    for (const int begin : {0, 10, 20, 30, 40, 47, 50}) {
        const std::string offset = std::to_string(begin) + "+";
        EXPECT_TRUE(std::any_of(names, lines.end(), [&](const std::string& line) {
            return line.starts_with(offset);
        })) << offset;
    }
    EXPECT_EQ(count(lines.back(), "r6") + count(lines[lines.size() - 2], "r6"), 1U);
}

TEST(AddedLane, IsDrawnOverBytesAndOverTime) {
    RecordedResponse world;
    const auto table = table_with_records();
    const auto all = with_records(world.entries);
    for (const bool time : {false, true}) {
        std::string svg;
        const LineSink sink = [&](std::string_view line) { svg.append(line).append("\n"); };
        if (time) {
            write_timeline_svg(all, sink, {}, table);
        } else {
            write_lanes_svg(all, sink, {}, table);
        }
        EXPECT_EQ(count(svg, ">records</text>"), 1U) << time;
        for (int i = 1; i <= 6; ++i)
            EXPECT_EQ(count(svg, "<title>record r" + std::to_string(i)), 1U) << time;
    }
}

TEST(AddedLane, TakesItsTimeFromTheSegmentsThatCarryItsBytes) {
    RecordedResponse world;
    const auto table = table_with_records();
    const Timeline line(with_records(world.entries).front(), 100, table);
    const auto lane = std::find_if(line.lanes.begin(), line.lanes.end(),
                                   [](const TimedLane& one) { return one.name == "records"; });
    ASSERT_NE(lane, line.lanes.end());
    ASSERT_EQ(lane->marks.size(), 6U);
    // The first segment has bytes 0 to 51, so that the sixth record lies in both.
    const auto& segments = world.feeder.stream(kServer).lane().segments();
    EXPECT_EQ(lane->marks[0].when.begin, segments[0].time);
    EXPECT_EQ(lane->marks[0].when.end, segments[0].time);
    EXPECT_EQ(lane->marks[5].when.begin, segments[0].time);
    EXPECT_EQ(lane->marks[5].when.end, segments[1].time);
}

TEST(AddedLane, StandsInTheTablesOfTwoLegs) {
    World world;
    Joined legs(world);
    world.told();
    const auto entries = world.table();
    const auto table = table_with_records();
    std::vector<StackedLegs> stacks = stack_legs(entries, gather_lanes(entries, {}), world.legs());
    ASSERT_EQ(stacks.size(), 1U);
    for (LegLanes* leg : {&stacks[0].upstream, &stacks[0].downstream}) {
        leg->lanes.lanes.push_back(records(leg->lanes));
        BodyLane& body = leg->body.emplace_back();
        const BodyRange whole{BodyOffset{}, leg->shown.back().end};
        body.push_back({whole, 0});
    }
    Lines lines;
    std::string svg;
    write_lanes_text(
        {}, [&](std::string_view line) { lines.emplace_back(line); }, stacks, table);
    write_lanes_svg(
        {}, [&](std::string_view line) { svg.append(line); }, stacks, table);
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
        return count(line, "record") == 2 && line.starts_with("body+bytes");
    }));
    EXPECT_EQ(count(svg, ">up records</text>"), 1U);
    EXPECT_EQ(count(svg, ">down records</text>"), 1U);
}

/// The page about the segment at an index of the response, line by line.
Lines explained(const RecordedResponse& world, std::size_t index, LaneTable table) {
    const Segment& segment = world.feeder.stream(kServer).lane().segments()[index];
    Lanes lanes = lanes_of_segment(world.entries.front(), kServer, segment);
    add_records(lanes);
    Lines lines;
    const LineSink sink = [&](std::string_view line) { lines.emplace_back(line); };
    Prose page(sink);
    tell_segment(lanes, segment, NextSteps{}, nullptr, page, table);
    return lines;
}

TEST(AddedLane, IsToldOfAFrame) {
    RecordedResponse world;
    const auto table = table_with_records();
    // The second segment has bytes 52 to 56: one record.
    const Lines lines = explained(world, 1, table);
    const auto line_with = [&](std::string_view part) {
        return std::find_if(lines.begin(), lines.end(),
                            [&](const std::string& line) { return count(line, part) > 0; });
    };
    const auto heading = line_with("Records: what was sealed together");
    ASSERT_NE(heading, lines.end());
    EXPECT_LT(line_with("Writes: "), heading);
    EXPECT_LT(heading, line_with("Chunks: "));
    EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                            [](const std::string& line) { return count(line, "record r") > 0; }),
              1);
    ASSERT_NE(heading + 1, lines.end());
    EXPECT_EQ(count(*(heading + 1), "record r1"), 1U);

    const Lines without = explained(world, 1, lane_table());
    for (const std::string& line : without) EXPECT_EQ(count(line, "ecord r"), 0U) << line;
}

TEST(AddedLane, IsNotDrawnWhereTheTableHasNoRowForIt) {
    RecordedResponse world;
    Lines lines;
    write_lanes_text(with_records(world.entries),
                     [&](std::string_view line) { lines.emplace_back(line); });
    for (const std::string& line : lines) EXPECT_EQ(count(line, "record"), 0U) << line;
}

}  // namespace
}  // namespace seamark::added_lane_test
