// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lanes of two legs, stacked: captures by hand, with times and places worked out on paper.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/lanes_svg.hpp"
#include "core/lanes_text.hpp"
#include "core/legs_text.hpp"
#include "core/legs_timeline.hpp"
#include "core/text_table.hpp"
#include "support/legs_world.hpp"

namespace seamark {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

/// The stacked legs of what keep chooses, as text.
Lines stacked(World& world, const FrameFilter& keep = {}) {
    world.told();
    const auto entries = world.table();
    Lines lines;
    for (const StackedLegs& stack : stack_legs(entries, gather_lanes(entries, keep)))
        write_legs_text(stack, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

std::string picture(World& world) {
    world.told();
    const auto entries = world.table();
    std::string text;
    write_lanes_svg(
        {}, [&](std::string_view line) { text.append(line).append("\n"); },
        stack_legs(entries, gather_lanes(entries, {})));
    return text;
}

FrameFilter only(std::uint32_t number) {
    return [number](FrameNumber frame) { return frame == FrameNumber{number}; };
}

IoEvent call(EventKind kind, std::uint64_t index, std::uint64_t offset, std::uint64_t taken) {
    IoEvent event;
    event.kind = kind;
    event.call = kind == EventKind::kWrite ? Call::kSend : Call::kRecv;
    event.flags = EventFlags::kOffsetKnown;
    event.index = index;
    event.offset = offset;
    event.requested = taken;
    event.returned = static_cast<std::int64_t>(taken);
    return event;
}

/// Two tagged chunks that a proxy joins: upstream frame 3 (head of 70 bytes, chunk of 12) at 3 ms
/// and frame 4 (12 and 9) at 4 ms, downstream frame 5 (head of 70, chunk of 11, 5) at 5 ms.
void joined(World& world, Proxied& legs) {
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("7f") + "3;w=2\r\nabc\r\n");
    world.answers(legs.up, "3;w=3\r\ndef\r\n0;w=4\r\n\r\n");
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
}

TEST(LegLanes, StandSideBySideByBodyOffset) {
    World world;
    Proxied legs(world);
    joined(world, legs);
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
    Proxied legs(world);
    joined(world, legs);
    // The server's second write has the last data byte of chunk 1 (at 79) and all that follows; the
    // proxy reads all at once, and writes its head apart.
    legs.up.connection.add_event(Side::kSecond, call(EventKind::kWrite, 1, 0, 79), FrameNumber{90});
    legs.up.connection.add_event(Side::kSecond, call(EventKind::kWrite, 2, 79, 24),
                                 FrameNumber{91});
    legs.up.connection.add_event(Side::kFirst, call(EventKind::kRead, 1, 0, 103), FrameNumber{92});
    legs.down.connection.add_event(Side::kSecond, call(EventKind::kWrite, 1, 0, 70),
                                   FrameNumber{93});
    legs.down.connection.add_event(Side::kSecond, call(EventKind::kWrite, 2, 70, 16),
                                   FrameNumber{94});
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 10u);
    EXPECT_EQ(lines[6], "body+bytes  write  chunk  frame  read   held ms  write  chunk  frame");
    EXPECT_EQ(lines[7], "0+2         1:79   1:3    3:82   1:103  2.000    2:16   1:6    5:86");
    EXPECT_EQ(lines[8], "2+1         2:24   │      │      │      │        │      │      │");
    EXPECT_EQ(lines[9], "3+3         │      2:3    4:21   │      1.000    │      │      │");
}

TEST(LegLanes, ShowCallsBrieflyWhereTheTableWouldBeTooWide) {
    World world;
    Proxied legs(world);
    joined(world, legs);
    const std::uint64_t much = 12345678901234;  // "much:103": 18 columns, three times
    legs.up.connection.add_event(Side::kSecond, call(EventKind::kWrite, much, 0, 103),
                                 FrameNumber{90});
    legs.up.connection.add_event(Side::kFirst, call(EventKind::kRead, much, 0, 103),
                                 FrameNumber{91});
    legs.down.connection.add_event(Side::kSecond, call(EventKind::kWrite, much, 0, 86),
                                   FrameNumber{92});
    legs.down.connection.add_event(Side::kFirst, call(EventKind::kRead, much, 0, 86),
                                   FrameNumber{93});
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    // 10 + 18 + 5 + 5 + 18 + 7 + 17 + 5 + 5 + 17 and nine gaps are 125; without ":103", 111.
    EXPECT_EQ(lines[7].find(":103"), std::string::npos) << lines[7];
    EXPECT_NE(lines[7].find("1234567890…"), std::string::npos) << lines[7];
    for (const std::string& line : lines) EXPECT_LE(width_of(line), 100u) << line;
}

TEST(LegLanes, ShowTheChosenBytesOfOneLegOnBoth) {
    World world;
    Proxied legs(world);
    joined(world, legs);
    const Lines second = stacked(world, only(4));
    ASSERT_EQ(second.size(), 8u);
    EXPECT_EQ(second[7], "3+3         3    2:3    4:21   1.000    1:6    5:86");
    EXPECT_EQ(stacked(world, only(5)).size(), 9u) << "its bytes came in two frames";
    EXPECT_EQ(stacked(world, only(1)), Lines{}) << "a request has no other leg";
}

TEST(LegLanes, TellATimeOnceForWhatTheSameFramesBrought) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("7f") + kAbc + kDef + kEnd);
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    EXPECT_EQ(lines[7], "0+3         1:3    3:91   1.000    1:6    4:86");
    EXPECT_EQ(lines[8], "3+3         2:3    │      │        │      │");
}

TEST(LegLanes, SayWhyTheyAreNotMatched) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
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
    const std::string drawn = picture(world);
    EXPECT_NE(drawn.find("the content codings differ"), std::string::npos);
    EXPECT_EQ(drawn.find("held"), drawn.rfind("held")) << "in the style sheet alone";
}

TEST(LegLanes, LeaveOutWhatWasNotCaptured) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
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
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("7f"));
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    world.answers(legs.up, kAbcdef + kEnd);
    const Lines lines = stacked(world);
    ASSERT_EQ(lines.size(), 9u);
    EXPECT_TRUE(lines[3].starts_with("times held are not told")) << lines[3];
    EXPECT_EQ(lines[7], "body+bytes  chunk  frame  chunk  frame");
}

TEST(LegLanes, AreThereForEachExchangeOfAKeptConnection) {
    World world;
    auto& up = world.connect(5, 9, kServerPort);
    for (const std::string id : {"1", "2"}) {
        auto& down = world.connect(1, 5, kProxyPort);
        world.asks(down, get());
        world.asks(up, get());
        world.answers(up, with_id(id) + kAbc + kEnd);
        world.answers(down, with_id(id) + kAbc + kEnd);
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

TEST(LegLanesSvg, PutsOneBodyOffsetIntoOneLine) {
    World world;
    Proxied legs(world);
    joined(world, legs);
    const std::string drawn = picture(world);
    // Six bytes over 1100 pixels from 100 on; a pixel between neighbours.
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
    EXPECT_EQ(rect("chunk", 100, 549, "chunk 1: size line 3;w=2"), 1u);
    EXPECT_EQ(rect("chunk", 650, 549, "chunk 2: size line 3;w=3"), 1u);
    EXPECT_EQ(rect("chunk", 100, 1099, "held 1.000 ms to 2.000 ms"), 1u);
    EXPECT_EQ(rect("held", 100, 549,
                   "3 bytes at body offset 0: captured upstream in frame 3, downstream in frame 5, "
                   "held 2.000 ms"),
              1u);
    EXPECT_EQ(rect("held", 650, 549, "held 1.000 ms"), 1u);
    EXPECT_EQ(rect("write", 650, 549, "write 3, as the chunk's tag says; held 1.000 ms"), 1u);
    EXPECT_EQ(rect("segment", 100, 1099, "frame 5"), 1u);
}

TEST(LegLanesSvg, SaysWhyASegmentIsCutSo) {
    World world;
    Proxied legs(world);
    joined(world, legs);
    const std::string drawn = picture(world);
    const auto segment = drawn.find("<rect class=\"segment\"");
    ASSERT_NE(segment, std::string::npos);
    const std::string line = drawn.substr(segment, drawn.find('\n', segment) - segment);
    EXPECT_NE(line.find(". The MSS is not known; why is not known"), std::string::npos) << line;
}

TEST(LegsTimeline, PutsBothLegsOnOneAxis) {
    World world;
    Proxied legs(world);
    joined(world, legs);
    world.told();
    const auto entries = world.table();
    const auto stacks = stack_legs(entries, gather_lanes(entries, {}));
    ASSERT_EQ(stacks.size(), 1u);
    const Timeline line = legs_timeline(stacks.front(), 100);
    std::vector<std::string> names;
    for (const TimedLane& lane : line.lanes) names.push_back(lane.name);
    EXPECT_EQ(names, (Lines{"up chunks", "up segments", "down chunks", "down segments"}));
    // Frames 3 and 4 at 3 and 4 ms brought what frame 5 carried on at 5 ms.
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
    Proxied legs(world);
    joined(world, legs);
    // The head has 70 bytes; the proxy reads all at once, and writes all at once.
    legs.up.connection.add_event(Side::kFirst, call(EventKind::kRead, 1, 0, 103), FrameNumber{6});
    legs.down.connection.add_event(Side::kSecond, call(EventKind::kWrite, 1, 0, 86),
                                   FrameNumber{7});
    world.told();
    const auto entries = world.table();
    const auto stacks = stack_legs(entries, gather_lanes(entries, {}));
    ASSERT_EQ(stacks.size(), 1u);
    const Timeline line = legs_timeline(stacks.front(), 100);
    const JoinedLanes& across = line.joined.back();
    EXPECT_EQ(line.lanes[across.above].name, "up reads");
    EXPECT_EQ(line.lanes[across.below].name, "down writes");
    EXPECT_EQ(across.marks, (Links{{0, 0}}));
}

TEST(LegLanes, SayWhoseOtherLegIsUnknown) {
    World world;
    auto& one = world.connect(1, 5, kProxyPort);
    auto& two = world.connect(2, 5, kProxyPort);
    auto& up = world.connect(5, 9, kServerPort);
    world.asks(one, get());
    world.asks(two, get());
    world.asks(up, get());
    world.answers(up, kLength);
    world.answers(one, kLength);
    world.answers(two, kLength);
    world.told();
    const auto entries = world.table();
    Lines lines;
    write_lanes_text(gather_lanes(entries, {}),
                     [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_EQ(std::count(lines.begin(), lines.end(),
                         "exchange 1: other leg unknown: more than one exchange fits as its other "
                         "leg"),
              2);
}

}  // namespace
}  // namespace seamark
