// SPDX-License-Identifier: GPL-2.0-or-later
//
// The pictures of two legs, by body offset and over time: places and times worked out on paper.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/picture/legs_timeline.hpp"
#include "support/legs_world.hpp"

namespace seamark::legs_picture_test {
namespace {

using namespace test;

std::string picture(World& world) {
    world.told();
    const auto entries = world.table();
    std::string text;
    write_lanes_svg(
        {}, [&](std::string_view line) { text.append(line).append("\n"); },
        stack_legs(entries, gather_lanes(entries, {}), world.legs()));
    return text;
}

/// Of the only pair.
Timeline one_axis(World& world) {
    world.told();
    const auto entries = world.table();
    return legs_timeline(stack_legs(entries, gather_lanes(entries, {}), world.legs()).at(0), 100);
}

TEST(LegLanesSvg, PutsOneBodyOffsetIntoOneLine) {
    World world;
    Joined legs(world);
    const std::string drawn = picture(world);
    // Six bytes over 1100 pixels from 130 on; a pixel between neighbours.
    const auto rect = [&](const std::string& kind, int x, int width, const std::string& title) {
        std::size_t found = 0;
        for (std::size_t at = 0;
             (at = drawn.find("<rect class=\"" + kind + "\"", at)) != std::string::npos; ++at) {
            const std::string line = drawn.substr(at, drawn.find('\n', at) - at);
            if (line.find(" x=\"" + std::to_string(x) + "\"") != std::string::npos &&
                line.find(" width=\"" + std::to_string(width) + "\"") != std::string::npos &&
                line.find(title) != std::string::npos)
                ++found;
        }
        return found;
    };
    EXPECT_EQ(rect("chunk", 130, 549, "chunk 1: size line 3;w=2"), 1u);
    EXPECT_EQ(rect("chunk", 680, 549, "chunk 2: size line 3;w=3"), 1u);
    EXPECT_EQ(rect("chunk", 130, 1099, "held 1.000 ms to 2.000 ms"), 1u);
    EXPECT_EQ(rect("held", 130, 549,
                   "3 bytes at body offset 0: captured upstream in frame 3, downstream in frame 5, "
                   "held 2.000 ms"),
              1u);
    EXPECT_EQ(rect("held", 680, 549, "held 1.000 ms"), 1u);
    EXPECT_EQ(rect("write", 680, 549, "write 3, as the chunk's tag says; held 1.000 ms"), 1u);
    EXPECT_EQ(rect("segment", 130, 1099, "frame 5"), 1u);
}

TEST(LegLanesSvg, SaysWhyASegmentIsCutSo) {
    World world;
    Joined legs(world);
    const std::string drawn = picture(world);
    const auto segment = drawn.find("<rect class=\"segment\"");
    ASSERT_NE(segment, std::string::npos);
    const std::string line = drawn.substr(segment, drawn.find('\n', segment) - segment);
    EXPECT_NE(line.find(". The MSS is not known; why is not known"), std::string::npos) << line;
}

TEST(LegLanesSvg, SaysWhyBodiesAreNotMatchedAndNoTimes) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f") + kAbcdef + kEnd);
    world.answers(legs.down, head("Seamark: tag=w; id=7f\r\nContent-Encoding: gzip\r\n") +
                                 "2\r\nxy\r\n" + kEnd);
    const std::string drawn = picture(world);
    EXPECT_NE(drawn.find("the content codings differ"), std::string::npos);
    EXPECT_EQ(drawn.find("held"), drawn.rfind("held")) << "in the style sheet alone";
}

TEST(LegsTimeline, PutsBothLegsOnOneAxis) {
    World world;
    Joined legs(world);
    const Timeline line = one_axis(world);
    std::vector<std::string> names;
    for (const TimedLane& lane : line.lanes) names.push_back(lane.name);
    EXPECT_EQ(names, (std::vector<std::string>{"up chunks", "up segments", "down chunks",
                                               "down segments"}));
    // Frames 3 and 4 at 3 and 4 ms carried what frame 5 carried on at 5 ms.
    ASSERT_EQ(line.lanes[1].marks.size(), 2u);
    ASSERT_EQ(line.lanes[3].marks.size(), 1u);
    EXPECT_EQ(line.lanes[1].marks[0].when.begin, 3 * kMs);
    EXPECT_EQ(line.lanes[1].marks[1].when.begin, 4 * kMs);
    EXPECT_EQ(line.lanes[3].marks[0].when.begin, 5 * kMs);
    ASSERT_EQ(line.joined.size(), 3u);
    EXPECT_EQ(line.joined[1].above, 2u) << "a leg's own lanes";
    EXPECT_EQ(line.joined[1].below, 3u);
    EXPECT_EQ(line.joined[2].above, 1u);
    EXPECT_EQ(line.joined[2].below, 3u);
    EXPECT_EQ(line.joined[2].marks, (Links{{0, 0}, {1, 0}}));
    EXPECT_NE(line.lanes[1].marks[0].title.find("; held 2.000 ms"), std::string::npos)
        << line.lanes[1].marks[0].title;
}

TEST(LegsTimeline, JoinsTheProxysReadsToItsWrites) {
    World world;
    Joined legs(world);
    // The head has 70 bytes; the proxy reads all at once, and writes all at once.
    world.reads(legs.up, 1, 0, 103, 6);
    world.writes(legs.down, 1, 0, 86, 7);
    const Timeline line = one_axis(world);
    const JoinedLanes& across = line.joined.back();
    EXPECT_EQ(line.lanes[across.above].name, "up reads");
    EXPECT_EQ(line.lanes[across.below].name, "down writes");
    EXPECT_EQ(across.marks, (Links{{0, 0}}));
}

}  // namespace
}  // namespace seamark::legs_picture_test
