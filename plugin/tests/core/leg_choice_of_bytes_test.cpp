// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which bytes of two legs are shown, and when none are.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/picture/legs_timeline.hpp"
#include "core/picture/timeline_svg.hpp"
#include "core/report/lanes_text.hpp"
#include "core/report/legs_text.hpp"
#include "core/report/text_table.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_choice_of_bytes_test {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

struct Stacked {
    explicit Stacked(World& world, const FrameFilter& keep = {}) {
        world.told();
        entries = world.table();
        lanes = gather_lanes(entries, keep, world.legs());
        stacks = stack_legs(entries, lanes, world.legs());
    }
    Lines text(LaneTable styles = lane_table()) const {
        Lines lines;
        for (const StackedLegs& stack : stacks)
            write_legs_text(
                stack, [&](std::string_view line) { lines.emplace_back(line); }, styles);
        return lines;
    }
    std::vector<CaptureEntry> entries;
    std::vector<Lanes> lanes;
    std::vector<StackedLegs> stacks;
};

/// Three chunks upstream in frames 3 to 5, one downstream in frame 6.
struct Three : Proxied {
    explicit Three(World& world) : Proxied(world, get()) {
        world.answers(up, with_id("7f") + kAbc);
        world.answers(up, kDef);
        world.answers(up, "3\r\nghi\r\n" + kEnd);
        world.answers(down, with_id("7f") + "9\r\nabcdefghi\r\n" + kEnd);
    }
};

/// The first and the last chunk are chosen: what lies between is left out on both legs.
TEST(LegBytes, AChoiceMayHaveAGap) {
    World world;
    Three legs(world);
    const Stacked chosen(world, [](FrameNumber frame) {
        return frame == FrameNumber{3} || frame == FrameNumber{5};
    });
    ASSERT_EQ(chosen.stacks.size(), 1U);
    const Lines lines = chosen.text();
    ASSERT_EQ(lines.size(), 10U);
    EXPECT_TRUE(lines[7].starts_with("0+3 ")) << lines[7];
    EXPECT_EQ(lines[8], "…");
    EXPECT_TRUE(lines[9].starts_with("6+3 ")) << lines[9];
    EXPECT_NE(lines[7].find("1:9"), std::string::npos)
        << "the chunk downstream has both: " << lines[7];
    EXPECT_EQ(lines[9].find("2:3"), std::string::npos) << lines[9];
    EXPECT_NE(lines[9].find("3:3"), std::string::npos) << lines[9];
}

/// Bodies that are not matched have nothing in common: of the one nothing was chosen, so all of it
/// is shown.
TEST(LegBytes, AChoiceOnOneLegSaysNothingOfAnotherBody) {
    const auto text = [](const FrameFilter& keep) {
        World world;
        Proxied legs(world, get());
        world.answers(legs.up, with_id("7f") + kAbcdef + kEnd);
        world.answers(legs.down, head("Seamark: tag=w; id=7f\r\nContent-Encoding: gzip\r\n") +
                                     "2\r\nxy\r\n" + kEnd);
        return Stacked(world, keep).text();
    };
    const Lines whole = text({});
    EXPECT_EQ(whole.size(), 9U);
    EXPECT_EQ(text([](FrameNumber frame) { return frame == FrameNumber{4}; }), whole);
    EXPECT_EQ(text([](FrameNumber frame) { return frame == FrameNumber{3}; }), whole);
}

TEST(LegBytes, HeadsAloneAreNotStacked) {
    World world;
    Proxied legs(world, get());
    world.answers({&legs.up, &legs.down}, with_id("7f") + kEnd);
    EXPECT_EQ(world.told(), "0<1 known 0\n");
    EXPECT_TRUE(Stacked(world).stacks.empty());
}

TEST(LegBytes, ALegThatIsNotAmongTheEntriesIsNotStacked) {
    World world;
    Joined legs(world);
    Stacked whole(world);
    ASSERT_EQ(whole.stacks.size(), 1U);
    for (const CaptureEntry& entry : whole.entries) {
        const std::vector<CaptureEntry> alone{entry};
        const auto lanes = gather_lanes(alone, {}, world.legs());
        EXPECT_FALSE(lanes.empty());
        EXPECT_TRUE(stack_legs(alone, lanes, world.legs()).empty());
    }
    EXPECT_TRUE(stack_legs(whole.entries, whole.lanes, nullptr).empty());
}

/// Each pair, and after them each direction, has an empty line in front of it but the first.
TEST(LegBytes, AnEmptyLineStandsBetweenTables) {
    World world;
    World::Wire& up = world.connect(5, 9, kServerPort);
    for (const std::string id : {"1", "2"}) {
        World::Wire& down = world.connect(1, 5, kProxyPort);
        world.asks({&down, &up}, get());
        world.answers({&up, &down}, with_id(id) + kAbc + kEnd);
    }
    const Stacked two(world);
    ASSERT_EQ(two.stacks.size(), 2U);
    Lines lines;
    write_lanes_text(
        two.lanes, [&](std::string_view line) { lines.emplace_back(line); }, two.stacks);
    ASSERT_FALSE(lines.empty());
    EXPECT_NE(lines.front(), "");
    EXPECT_NE(lines.back(), "");
    EXPECT_EQ(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), "")),
              two.stacks.size() + two.lanes.size() - 1);
}

TEST(LegBytes, ALongRemarkIsBrokenAtABlank) {
    World world;
    Proxied legs(world, get());
    world.answers({&legs.up, &legs.down}, with_id("1") + kAbcdef + kEnd);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    world.asks(second, get());
    world.answers(second, with_id("1") + kAbcdef + kEnd);
    const Stacked stored(world);
    Lines lines;
    write_lanes_text(stored.lanes, [&](std::string_view line) { lines.emplace_back(line); });
    std::string all;
    for (const std::string& line : lines) {
        EXPECT_LE(width_of(line), kMostTextColumns) << line;
        all += line + " ";
    }
    EXPECT_NE(
        all.find("none: the id of this response was captured before its request arrived, so the "
                 "answer was stored"),
        std::string::npos)
        << all;
}

// --------------------------------------------------------------------------------------- pictures

/// The lines that join both legs are there only where bytes and times can be compared.
TEST(LegBytes, LegsAreJoinedInTimeOnlyWhereTheyAreMatched) {
    World world;
    Joined joined(world);
    const Stacked matched(world);
    ASSERT_EQ(matched.stacks.size(), 1U);
    const Timeline line = legs_timeline(matched.stacks[0], 100);
    World other;
    Proxied legs(other, get());
    other.answers(legs.up, with_id("7f") + kAbcdef + kEnd);
    other.answers(legs.down, with_id("7f") + "6\r\nabcdeX\r\n" + kEnd);
    const Stacked differ(other);
    ASSERT_EQ(differ.stacks.size(), 1U);
    const auto across = [](const Timeline& timeline) {
        return std::count_if(timeline.joined.begin(), timeline.joined.end(),
                             [&](const JoinedLanes& j) {
                                 return timeline.lanes[j.above].name.starts_with("up ") !=
                                        timeline.lanes[j.below].name.starts_with("up ");
                             });
    };
    EXPECT_EQ(across(line), 1);
    EXPECT_EQ(across(legs_timeline(differ.stacks[0], 100)), 0);
    World late;
    Proxied clocks(late, get());
    late.answers(clocks.up, with_id("7f"));
    late.answers(clocks.down, with_id("7f") + kAbcdef + kEnd);
    late.answers(clocks.up, kAbcdef + kEnd);
    const Stacked back(late);
    ASSERT_EQ(back.stacks.size(), 1U);
    EXPECT_EQ(across(legs_timeline(back.stacks[0], 100)), 0) << "a byte left before it came";
}

/// Reads of the proxy are joined with its writes; where only one was recorded, segments are.
TEST(LegBytes, LegsAreJoinedByCallsOnlyWhereBothWereRecorded) {
    const auto joined_by = [](bool writes) {
        World world;
        Joined legs(world);
        world.reads(legs.up, 1, 0, 103, 92);
        if (writes) world.writes(legs.down, 1, 0, 86, 93);
        const Stacked stacked(world);
        const Timeline line = legs_timeline(stacked.stacks.at(0), 100);
        const JoinedLanes& last = line.joined.back();
        return line.lanes[last.above].name + " and " + line.lanes[last.below].name;
    };
    EXPECT_EQ(joined_by(true), "up reads and down writes");
    EXPECT_EQ(joined_by(false), "up segments and down segments");
}

/// A table that has no row for a kind draws no such lane, anywhere.
TEST(LegBytes, AKindThatTheTableDoesNotHaveIsNotDrawn) {
    World world;
    Joined legs(world);
    const Stacked stacked(world);
    const LaneStyle row[] = {*style_of(lane_table(), LaneKind::kSegments)};
    const LaneTable segments(row);
    const Lines lines = stacked.text(segments);
    EXPECT_EQ(lines[6], "body+bytes  frame  held ms  frame");
    const Timeline line(stacked.lanes.at(0), 100, segments);
    ASSERT_EQ(line.lanes.size(), 1U);
    EXPECT_EQ(line.lanes[0].name, "segments");
    for (const auto write : {write_lanes_svg, write_timeline_svg}) {
        std::string picture;
        write(stacked.lanes, [&](std::string_view text) { picture.append(text); }, stacked.stacks,
              segments, {});
        EXPECT_NE(picture.find("segments<"), std::string::npos);
        EXPECT_EQ(picture.find("chunks<"), std::string::npos);
    }
}

}  // namespace
}  // namespace seamark::leg_choice_of_bytes_test
