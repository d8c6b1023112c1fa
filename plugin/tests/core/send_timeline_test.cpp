// SPDX-License-Identifier: GPL-2.0-or-later
//
// What held at a sending socket at one moment, from events at others.
#include "core/stream/send_timeline.hpp"

#include <gtest/gtest.h>

namespace seamark::send_timeline_test {
namespace {

constexpr std::uint16_t kSocketLevel = 1;
constexpr std::uint16_t kTcpLevel = 6;
constexpr std::uint16_t kMaxPacingRate = 47;
constexpr std::uint16_t kTcpNodelay = 1;
constexpr std::uint16_t kTcpCork = 3;

IoEvent option(std::uint16_t level, std::uint16_t name, std::uint64_t value, std::int64_t left) {
    IoEvent event;
    event.kind = EventKind::kOption;
    event.option_level = level;
    event.option_name = name;
    event.requested = value;
    event.entered = left - 1;
    event.left = left;
    return event;
}

IoEvent write_under(const char* congestion, std::int64_t entered) {
    IoEvent event;
    event.congestion = congestion;
    event.entered = entered;
    event.left = entered + 5;
    return event;
}

IoEvent set_congestion(const char* congestion, std::int64_t left) {
    IoEvent event = option(kTcpLevel, 13, 0, left);
    event.congestion = congestion;
    return event;
}

std::string_view control_at(const SendTimeline& timeline, std::int64_t time) {
    return timeline.congestion_name(timeline.at(time).congestion);
}

TEST(SendTimeline, KnowsNothingBeforeAnyEvent) {
    const SendTimeline timeline;
    EXPECT_EQ(timeline.at(10).congestion, 0U);
    EXPECT_EQ(timeline.at(10).paced, Paced::kUnknown);
    EXPECT_FALSE(timeline.at(10).nodelay.has_value());
    EXPECT_EQ(timeline.congestion_name(0), "");
    EXPECT_EQ(timeline.congestion_name(1), "");
}

TEST(SendTimeline, WhatACallFoundHeldBeforeIt) {
    SendTimeline timeline;
    timeline.note(write_under("cubic", 100));
    EXPECT_EQ(control_at(timeline, 50), "cubic");
    EXPECT_EQ(control_at(timeline, 100), "cubic");
    EXPECT_EQ(timeline.at(100).paced, Paced::kUnknown) << "a limit was not asked for";
}

TEST(SendTimeline, ASwitchCountsFromItsReturnOn) {
    SendTimeline timeline;
    timeline.note(write_under("cubic", 100));
    timeline.note(set_congestion("bbr", 200));
    EXPECT_EQ(control_at(timeline, 199), "cubic");
    EXPECT_EQ(control_at(timeline, 200), "bbr");
    EXPECT_EQ(timeline.at(200).paced, Paced::kByControl);
}

TEST(SendTimeline, WhatWasSetFirstSaysNothingOfBefore) {
    SendTimeline timeline;
    timeline.note(set_congestion("bbr", 200));
    EXPECT_EQ(control_at(timeline, 199), "");
    EXPECT_EQ(control_at(timeline, 300), "bbr");
}

IoEvent found(std::uint64_t limit, std::int64_t entered) {
    IoEvent event = write_under("cubic", entered);
    event.pacing_limit = limit;
    return event;
}

/// Linux goes on to pace, at the rate that it computes.
TEST(SendTimeline, PacingThatWasTakenOffMayGoOn) {
    SendTimeline timeline;
    timeline.note(found(~std::uint64_t{0}, 50));
    timeline.note(option(kSocketLevel, kMaxPacingRate, 125'000, 100));
    timeline.note(option(kSocketLevel, kMaxPacingRate, ~std::uint32_t{0}, 200));
    EXPECT_EQ(timeline.at(99).paced, Paced::kNo);
    EXPECT_EQ(timeline.at(100).paced, Paced::kByLimit);
    EXPECT_EQ(timeline.at(199).paced, Paced::kByLimit);
    EXPECT_EQ(timeline.at(200).paced, Paced::kPerhaps);
    EXPECT_EQ(timeline.at(300).paced_since, 200);
}

/// Another process made the change: where, between two looks, is not known.
TEST(SendTimeline, AChangeThatWasFoundMayHaveBeenAnyTimeSinceTheLookBefore) {
    const auto look = [](std::uint16_t level, std::uint16_t name, std::uint64_t value) {
        IoEvent event = option(level, name, value, 200);
        event.call = Call::kGetsockopt;
        event.entered = 100;
        return event;
    };
    SendTimeline timeline;
    timeline.note(found(~std::uint64_t{0}, 50));
    timeline.note(look(kTcpLevel, kTcpCork, 1));
    EXPECT_TRUE(timeline.cork_changes(110, 120));
    EXPECT_TRUE(timeline.cork_changes(150, 300));
    EXPECT_FALSE(timeline.cork_changes(80, 90));
    EXPECT_FALSE(timeline.cork_changes(210, 300));
    EXPECT_FALSE(timeline.nodelay_changes(110, 120));
    timeline.note(look(kTcpLevel, kTcpNodelay, 1));
    EXPECT_TRUE(timeline.nodelay_changes(110, 120));
    EXPECT_EQ(timeline.at(150).paced, Paced::kNo);
    timeline.note(look(kSocketLevel, kMaxPacingRate, 125'000));
    EXPECT_EQ(timeline.at(90).paced, Paced::kNo);
    EXPECT_EQ(timeline.at(150).paced, Paced::kUnknown);
    EXPECT_EQ(timeline.at(150).paced_since, 200) << "no pause is over at a rate that is not known";
    EXPECT_EQ(timeline.at(200).paced, Paced::kByLimit);
}

/// Set before connect(), by a call that no connection had yet: the first call finds it.
TEST(SendTimeline, ALimitThatACallFindsPaces) {
    SendTimeline timeline;
    timeline.note(found(125'000, 50));
    EXPECT_EQ(timeline.at(60).paced, Paced::kByLimit);
    timeline.note(found(~std::uint64_t{0}, 70));
    EXPECT_EQ(timeline.at(80).paced, Paced::kPerhaps);
}

/// A congestion control that paced may leave pacing on; one that was set first replaced any.
TEST(SendTimeline, AControlThatPacedMayLeavePacingOn) {
    SendTimeline timeline;
    timeline.note(write_under("bbr", 100));
    timeline.note(found(~std::uint64_t{0}, 110));
    timeline.note(set_congestion("cubic", 200));
    EXPECT_EQ(timeline.at(250).paced, Paced::kPerhaps);
    SendTimeline set_first;
    set_first.note(set_congestion("cubic", 100));
    set_first.note(found(~std::uint64_t{0}, 110));
    EXPECT_EQ(set_first.at(120).paced, Paced::kPerhaps);
}

/// A name that was not recorded is not that of before.
TEST(SendTimeline, ASwitchWithoutANameLeavesNoneKnown) {
    SendTimeline timeline;
    timeline.note(found(~std::uint64_t{0}, 100));
    EXPECT_EQ(timeline.at(110).paced, Paced::kNo);
    timeline.note(option(kTcpLevel, 13, 0x00726262, 200));
    EXPECT_EQ(timeline.at(210).congestion, 0U);
    EXPECT_NE(timeline.at(210).paced, Paced::kNo);
}

TEST(SendTimeline, KnowsWhenAnOptionChanged) {
    SendTimeline timeline;
    timeline.note(option(kTcpLevel, kTcpCork, 1, 100));
    timeline.note(option(kTcpLevel, kTcpCork, 0, 200));
    EXPECT_TRUE(timeline.cork_changes(150, 250));
    EXPECT_FALSE(timeline.cork_changes(100, 199));
    EXPECT_TRUE(timeline.cork_changes(199, 200));
    EXPECT_FALSE(timeline.nodelay_changes(0, 300));
}

TEST(SendTimeline, OptionsOfTcpAreKeptApart) {
    SendTimeline timeline;
    timeline.note(option(kTcpLevel, kTcpCork, 1, 100));
    timeline.note(option(kTcpLevel, kTcpCork, 0, 200));
    timeline.note(option(kTcpLevel, kTcpNodelay, 1, 150));
    EXPECT_EQ(timeline.at(150).cork, true);
    EXPECT_EQ(timeline.at(200).cork, false);
    EXPECT_EQ(timeline.at(149).nodelay, std::nullopt);
    EXPECT_EQ(timeline.at(150).nodelay, true);
    timeline.note(option(kSocketLevel, kTcpCork, 1, 300));  // another level's option 3
    EXPECT_EQ(timeline.at(300).cork, false);
}

TEST(SendTimeline, ARefusedOptionChangesNothing) {
    SendTimeline timeline;
    IoEvent refused = option(kTcpLevel, kTcpCork, 1, 100);
    refused.returned = -1;
    timeline.note(refused);
    EXPECT_EQ(timeline.at(100).cork, std::nullopt);
}

TEST(SendTimeline, EventsMayComeLate) {
    SendTimeline timeline;
    timeline.note(write_under("cubic", 300));
    timeline.note(set_congestion("bbr", 200));
    EXPECT_EQ(control_at(timeline, 250), "bbr");
    EXPECT_EQ(control_at(timeline, 300), "cubic");
}

}  // namespace
}  // namespace seamark::send_timeline_test
