// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whether two exchanges are legs of one, and what is matched between them: each case a capture by
// hand.
#include <gtest/gtest.h>

#include <string>

#include "core/proxy/leg_book.hpp"
#include "core/proxy/leg_match.hpp"
#include "support/body.hpp"
#include "support/legs_world.hpp"

namespace seamark::legs_test {
namespace {

using namespace test;

TEST(Legs, AnIdIsKnown) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get("/another/target"));
    world.answers(legs.up, with_id("7f") + "3;w=2\r\nabc\r\n");
    world.answers(legs.up, "3;w=3\r\ndef\r\n0;w=4\r\n\r\n");
    world.answers(legs.down, with_id("7f") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known 6\n");
    const LegPair& pair = world.book().final()->pairs().front();
    const auto up = counterpart(pair.upstream, body(0, 6));
    EXPECT_EQ(up.chunks, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(up.writes, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(up.frames, (std::vector{FrameNumber{3}, FrameNumber{4}}));
    const auto down = counterpart(pair.downstream, body(3, 6));
    EXPECT_EQ(down.chunks, (std::vector<std::uint32_t>{1}));
    const auto held = hold(match(pair, body(0, 6)));
    ASSERT_TRUE(held);
    EXPECT_EQ(held->longest, 2 * kMs);
    EXPECT_EQ(held->shortest, 1 * kMs);
    EXPECT_EQ(held->bytes, 6U);
}

TEST(Legs, WithoutIdsTheBytesDecide) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbc + kDef + kEnd);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, AnyFramingHasTheSameBody) {
    for (const bool length_upstream : {true, false}) {
        World world;
        Proxied legs(world, get());
        const std::string chunked = head() + kAbc + kDef + kEnd;
        world.answers(legs.up, length_upstream ? kLength : chunked);
        world.answers(legs.down, length_upstream ? chunked : kLength);
        EXPECT_EQ(world.told(), "0<1 consistent 6\n");
    }
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, "HTTP/1.0 200 OK\r\n\r\nabc");
    world.answers(legs.down, head() + kAbc);
    world.answers(legs.up, "def");
    world.answers(legs.down, kDef + kEnd);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, AnAbsoluteTargetIsTheSameTarget) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get("http://server:8080/a"));
    world.asks(legs.up, get("/a"));
    world.answers({&legs.up, &legs.down}, kLength);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, OtherBytesAreNoPair) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbc + kDef + kEnd);
    world.answers(legs.down, head() + "6\r\nabcdeF\r\n" + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(Legs, WithAnIdOtherBytesAreAPairThatDiffers) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbc + kEnd);
    world.answers(legs.down, with_id("1") + kDef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known differ\n");
    EXPECT_TRUE(match(world.book().final()->pairs().front(), body(0, 3)).empty());
}

TEST(Legs, ACodingThatWasAddedMakesOffsetsMeanNothing) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbc + kEnd);
    world.answers(legs.down,
                  head("Content-Encoding: GZIP\r\nSeamark: tag=w; id=1\r\n") + kAbc + kEnd);
    EXPECT_EQ(world.told(), "0<1 known coding\n");

    World untagged;
    Proxied others(untagged, get());
    untagged.answers(others.up, head() + kAbc + kEnd);
    untagged.answers(others.down, head("Content-Encoding: br\r\n") + kAbc + kEnd);
    EXPECT_EQ(untagged.told(), "0? coding\n") << "without an id there is nothing to compare";
}

TEST(Legs, AByteThatLeftBeforeItCameIsNoPair) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbc);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    world.answers(legs.up, kDef + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(Legs, OnlyWhatWasCapturedIsMatched) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + "6\r\nab");
    world.loses(legs.up, "cd");
    world.answers(legs.up, "ef\r\n" + kEnd);
    world.answers(legs.down, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known 0\n");
    const LegPair& pair = world.book().final()->pairs().front();
    const auto runs = match(pair, body(0, 6));
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].upstream.body, (body(0, 2)));
    EXPECT_EQ(runs[1].upstream.body, (body(4, 6)));
    EXPECT_EQ(hold(runs)->bytes, 4U);
}

TEST(Legs, AHoleWithoutIdsLeavesItOpen) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + "6\r\nab");
    world.loses(legs.up, "cd");
    world.answers(legs.up, "ef\r\n" + kEnd);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? no bytes\n");
}

TEST(Legs, WhatIsReadMaySayIdsAlone) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbc);
    const Leg down{&legs.down.connection, Side::kSecond, 0};
    world.answers(legs.down, with_id("1") + kAbc);
    const LegPair* pair = world.book().by_downstream(down);
    ASSERT_NE(pair, nullptr);
    EXPECT_EQ(pair->upstream.connection, &legs.up.connection);
    EXPECT_TRUE(agrees(*pair, body(0, 3)));
}

}  // namespace
}  // namespace seamark::legs_test
