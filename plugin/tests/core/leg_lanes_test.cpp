// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lanes of two legs, stacked: captures by hand, with times and places worked out on paper.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/report/lanes_text.hpp"
#include "core/report/legs_text.hpp"
#include "core/report/text_table.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_lanes_test {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

/// The stacked legs of what keep chooses, as text.
Lines stacked(World& world, const FrameFilter& keep = {}) {
    world.told();
    const auto entries = world.table();
    Lines lines;
    for (const StackedLegs& stack : stack_legs(entries, gather_lanes(entries, keep), world.legs()))
        write_legs_text(stack, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

FrameFilter only(std::uint32_t number) {
    return [number](FrameNumber frame) { return frame == FrameNumber{number}; };
}

TEST(LegLanes, StandSideBySideByBodyOffset) {
    World world;
    Joined legs(world);
    EXPECT_EQ(stacked(world),
              (Lines{"through a proxy: stream 1, exchange 1 → stream 0, exchange 1",
                     "known: both responses carry the id that the emitter gave this one",
                     "matched byte for byte by body offset: 6 bytes compared, none differs",
                     "upstream, h9:8080 → h5:40001", "downstream, h5:80 → h1:40000",
                     "            upstream                    downstream",
                     "body+bytes  tag  chunk  frame  held ms  chunk  frame",
                     "0+3         2    1:3    3:82   2.000    1:6    5:86",
                     "3+3         3    2:3    4:21   1.000    │      │"}));
}

TEST(LegLanes, ShowTheCallsThatHaveBodyBytes) {
    World world;
    Joined legs(world);
    // The server's second write has the last data byte of chunk 1 (at 79) and all that follows; the
    // proxy reads all at once, and writes its head apart.
    world.writes(legs.up, 1, 0, 79, 90);
    world.writes(legs.up, 2, 79, 24, 91);
    world.reads(legs.up, 1, 0, 103, 92);
    world.writes(legs.down, 1, 0, 70, 93);
    world.writes(legs.down, 2, 70, 16, 94);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 10u);
    EXPECT_EQ(lines[6], "body+bytes  write  chunk  frame  read   held ms  write  chunk  frame");
    EXPECT_EQ(lines[7], "0+2         1:79   1:3    3:82   1:103  2.000    2:16   1:6    5:86");
    EXPECT_EQ(lines[8], "2+1         2:24   │      │      │      │        │      │      │");
    EXPECT_EQ(lines[9], "3+3         │      2:3    4:21   │      1.000    │      │      │");
}

TEST(LegLanes, ShowCallsBrieflyWhereTheTableWouldBeTooWide) {
    World world;
    Joined legs(world);
    const std::uint64_t much = 12345678901234;  // "much:103": 18 columns, three times
    world.writes(legs.up, much, 0, 103, 90);
    world.reads(legs.up, much, 0, 103, 91);
    world.writes(legs.down, much, 0, 86, 92);
    world.reads(legs.down, much, 0, 86, 93);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    // 10 + 18 + 5 + 5 + 18 + 7 + 17 + 5 + 5 + 17 and nine gaps are 125; without ":103", 111.
    EXPECT_EQ(lines[7].find(":103"), std::string::npos) << lines[7];
    EXPECT_NE(lines[7].find("1234567890…"), std::string::npos) << lines[7];
    for (const std::string& line : lines) EXPECT_LE(width_of(line), 100u) << line;
}

TEST(LegLanes, ShowTheChosenBytesOfOneLegOnBoth) {
    World world;
    Joined legs(world);
    const Lines second = stacked(world, only(4));
    ASSERT_EQ(second.size(), 8u);
    EXPECT_EQ(second[7], "3+3         3    2:3    4:21   1.000    1:6    5:86");
    EXPECT_EQ(stacked(world, only(5)).size(), 9u) << "its bytes came in two frames";
    EXPECT_EQ(stacked(world, only(1)), Lines{}) << "a request has no other leg";
}

TEST(LegLanes, TellATimeOnceForWhatTheSameFramesBrought) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f") + kAbc + kDef + kEnd);
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    EXPECT_EQ(lines[7], "0+3         1:3    3:91   1.000    1:6    4:86");
    EXPECT_EQ(lines[8], "3+3         2:3    │      │        │      │");
}

TEST(LegLanes, SayWhyTheyAreNotMatched) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f") + kAbcdef + kEnd);
    world.answers(legs.down, head("Seamark: tag=w; id=7f\r\nContent-Encoding: gzip\r\n") +
                                 "2\r\nxy\r\n" + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    EXPECT_EQ(lines[2],
              "matched byte for byte: no: the content codings differ, so body offsets do not name "
              "the same bytes");
    EXPECT_EQ(lines[3], "upstream, h9:8080 → h5:40001");
    EXPECT_EQ(lines[4], "body+bytes  chunk  frame");
    EXPECT_EQ(lines[5], "0+6         1:6    3:86");
    EXPECT_EQ(lines[6], "downstream, h5:80 → h1:40000");
    EXPECT_EQ(lines[7], "body+bytes  chunk  frame");
    EXPECT_EQ(lines[8], "0+2         1:2    4:106");
}

TEST(LegLanes, LeaveOutWhatWasNotCaptured) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f") + "6\r\nabc");  // frame 3
    world.loses(legs.up, "de");
    world.answers(legs.up, "f\r\n" + kEnd);  // frame 4, at 4 ms
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 10u);
    EXPECT_EQ(lines[6], "body+bytes  chunk  frame    held ms  chunk  frame");
    EXPECT_EQ(lines[7], "0+3         1:6    3:76     2.000    1:6    5:86");
    EXPECT_EQ(lines[8], "3+2         │      missing           │      │");
    EXPECT_EQ(lines[9], "5+1         │      4:8      1.000    │      │");
}

TEST(LegLanes, TellNoTimesOfClocksThatDiffer) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f"));
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    world.answers(legs.up, kAbcdef + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    EXPECT_TRUE(lines[3].starts_with("times held are not reported")) << lines[3];
    EXPECT_EQ(lines[7], "body+bytes  chunk  frame  chunk  frame");
}

TEST(LegLanes, AreThereForEachExchangeOfAKeptConnection) {
    World world;
    auto& up = world.connect(5, 9, kServerPort);
    for (const std::string id : {"1", "2"}) {
        auto& down = world.connect(1, 5, kProxyPort);
        world.asks({&down, &up}, get());
        world.answers({&up, &down}, with_id(id) + kAbc + kEnd);
    }
    const Lines both = stacked(world);
    ASSERT_EQ(both.size(), 16u);
    EXPECT_EQ(both[0], "through a proxy: stream 0, exchange 1 → stream 1, exchange 1");
    EXPECT_EQ(both[8], "through a proxy: stream 0, exchange 2 → stream 2, exchange 1");
    EXPECT_EQ(both[15], "0+3         1:3    7:82   1.000    1:3    8:82");
    const Lines second = stacked(world, only(7));
    ASSERT_EQ(second.size(), 8u);
    EXPECT_EQ(second[0], both[8]);
}

TEST(LegLanes, AreNotThereWithoutAPair) {
    World world;
    auto& alone = world.connect(1, 5, kProxyPort);
    world.asks(alone, get());
    world.answers(alone, with_id("1") + kAbc + kEnd);
    EXPECT_EQ(stacked(world), Lines{});
}

TEST(LegLanes, SayWhoseOtherLegIsUnknown) {
    World world;
    auto& one = world.connect(1, 5, kProxyPort);
    auto& two = world.connect(2, 5, kProxyPort);
    auto& up = world.connect(5, 9, kServerPort);
    world.asks({&one, &two, &up}, get());
    world.answers({&up, &one, &two}, kLength);
    world.told();
    const auto entries = world.table();
    Lines lines;
    write_lanes_text(gather_lanes(entries, {}, world.legs()),
                     [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_EQ(std::count(lines.begin(), lines.end(),
                         "exchange 1: other leg unknown: more than one exchange fits as its other "
                         "leg"),
              2);
}

}  // namespace
}  // namespace seamark::leg_lanes_test
