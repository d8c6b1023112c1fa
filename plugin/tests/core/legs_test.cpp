// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which exchanges are legs of one, and what is matched between them: each case a capture by hand.
#include <gtest/gtest.h>

#include <string>

#include "core/leg_book.hpp"
#include "core/leg_match.hpp"
#include "support/legs_world.hpp"

namespace seamark {
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
    const auto up = counterpart(pair.upstream, {0, 6});
    EXPECT_EQ(up.chunks, (std::vector<std::uint32_t>{1, 2}));
    EXPECT_EQ(up.writes, (std::vector<std::uint64_t>{2, 3}));
    EXPECT_EQ(up.frames, (std::vector{FrameNumber{3}, FrameNumber{4}}));
    const auto down = counterpart(pair.downstream, {3, 6});
    EXPECT_EQ(down.chunks, (std::vector<std::uint32_t>{1}));
    const auto held = hold(match(pair, {0, 6}));
    ASSERT_TRUE(held);
    EXPECT_EQ(held->longest, 2 * kMs);
    EXPECT_EQ(held->shortest, 1 * kMs);
    EXPECT_EQ(held->bytes, 6U);
}

TEST(Legs, WithoutIdsTheBytesDecide) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, head() + kAbc + kDef + kEnd);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, AnyFramingHasTheSameBody) {
    for (const bool length_upstream : {true, false}) {
        World world;
        Proxied legs(world);
        world.asks(legs.down, get());
        world.asks(legs.up, get());
        const std::string chunked = head() + kAbc + kDef + kEnd;
        world.answers(legs.up, length_upstream ? kLength : chunked);
        world.answers(legs.down, length_upstream ? chunked : kLength);
        EXPECT_EQ(world.told(), "0<1 consistent 6\n");
    }
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
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
    world.answers(legs.up, kLength);
    world.answers(legs.down, kLength);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, OtherBytesAreNoPair) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, head() + kAbc + kDef + kEnd);
    world.answers(legs.down, head() + "6\r\nabcdeF\r\n" + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(Legs, WithAnIdOtherBytesAreAPairThatDiffers) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("1") + kAbc + kEnd);
    world.answers(legs.down, with_id("1") + kDef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known differ\n");
    EXPECT_TRUE(match(world.book().final()->pairs().front(), {0, 3}).empty());
}

TEST(Legs, ACodingThatWasAddedMakesOffsetsMeanNothing) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("1") + kAbc + kEnd);
    world.answers(legs.down,
                  head("Content-Encoding: GZIP\r\nSeamark: tag=w; id=1\r\n") + kAbc + kEnd);
    EXPECT_EQ(world.told(), "0<1 known coding\n");

    World untagged;
    Proxied others(untagged);
    untagged.asks(others.down, get());
    untagged.asks(others.up, get());
    untagged.answers(others.up, head() + kAbc + kEnd);
    untagged.answers(others.down, head("Content-Encoding: br\r\n") + kAbc + kEnd);
    EXPECT_EQ(untagged.told(), "") << "without an id there is nothing to compare";
}

TEST(Legs, AByteThatLeftBeforeItCameIsNoPair) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, head() + kAbc);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    world.answers(legs.up, kDef + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(Legs, AStoredAnswerHasNoUpstreamLeg) {
    for (const bool ids : {true, false}) {
        const std::string answer = (ids ? with_id("1") : head()) + kAbcdef + kEnd;
        World world;
        Proxied legs(world);
        world.asks(legs.down, get());
        world.asks(legs.up, get());
        world.answers(legs.up, answer);
        world.answers(legs.down, answer);
        World::Wire& second = world.connect(2, 5, kProxyPort);
        world.asks(second, get());
        world.answers(second, answer);
        EXPECT_EQ(world.told(), ids ? "0<1 known 6\n2? stored\n" : "0<1 consistent 6\n");
    }
}

TEST(Legs, TwoClientsAtOnceAreNotToldApart) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    World::Wire& also_up = world.connect(5, 9, kServerPort);
    world.asks(first, get());
    world.asks(second, get());
    world.asks(up, get());
    world.asks(also_up, get());
    for (World::Wire* wire : {&up, &also_up, &first, &second})
        world.answers(*wire, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? several\n1? several\n");
}

TEST(Legs, IdsTellTwoClientsApart) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    World::Wire& also_up = world.connect(5, 9, kServerPort);
    world.asks(first, get());
    world.asks(second, get());
    world.asks(up, get());
    world.asks(also_up, get());
    world.answers(up, with_id("b") + kAbcdef + kEnd);
    world.answers(also_up, with_id("a") + kAbcdef + kEnd);
    world.answers(first, with_id("a") + kAbcdef + kEnd);
    world.answers(second, with_id("b") + kAbcdef + kEnd);
    const std::string told = world.told();
    EXPECT_NE(told.find("0<3 known 6\n"), std::string::npos) << told;
    EXPECT_NE(told.find("1<2 known 6\n"), std::string::npos) << told;
    EXPECT_EQ(told.size(), 24U) << told;
}

TEST(Legs, OneUpstreamAnswerForTwoClientsIsNobodysOwn) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    world.asks(first, get());
    world.asks(second, get());
    world.asks(up, get());
    for (World::Wire* wire : {&up, &first, &second})
        world.answers(*wire, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? several\n1? several\n");
}

TEST(Legs, TwoClientsOfTwoServersAreNoLegs) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& other = world.connect(2, 9, kServerPort);
    world.asks(first, get());
    world.asks(other, get());
    world.answers(other, kLength);
    world.answers(first, kLength);
    EXPECT_EQ(world.told(), "0? addresses\n");
}

TEST(Legs, IdsShowTheTwoAddressesOfAProxy) {
    World world;
    World::Wire& down = world.connect(1, 5, kProxyPort);
    World::Wire& up = world.connect(6, 9, kServerPort);  // the proxy's other address
    world.asks(down, get());
    world.asks(up, get());
    world.answers(up, with_id("1") + kAbcdef + kEnd);
    world.answers(down, with_id("1") + kAbcdef + kEnd);
    world.asks(down, get("/b"));
    world.asks(up, get("/b"));
    world.answers(up, kLength);
    world.answers(down, kLength);
    EXPECT_EQ(world.told(), "0<1 known 6\n0.2<1.2 consistent 6\n");
}

TEST(Legs, ARetryIsPairedWithTheAnswerThatCame) {
    World world;
    Proxied legs(world);
    World::Wire& retry = world.connect(5, 9, kServerPort);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, head() + kAbc);  // and no more
    world.asks(retry, get());
    world.answers(retry, head() + kAbc + kDef + kEnd);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<2 consistent 6\n");
}

TEST(Legs, AKeptConnectionCarriesManyClients) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    for (World::Wire* down : {&first, &second, &first}) {
        world.asks(*down, get());
        world.asks(up, get());
        world.answers(up, kLength);
        world.answers(*down, kLength);
    }
    const std::string told = world.told();
    for (const char* pair :
         {"0<2 consistent 6\n", "1<2.2 consistent 6\n", "0.2<2.3 consistent 6\n"})
        EXPECT_NE(told.find(pair), std::string::npos) << pair << "in:\n" << told;
    EXPECT_EQ(told.find('?'), std::string::npos) << told;
}

TEST(Legs, OfThreeInARowNeighboursPair) {
    World world;
    World::Wire& down = world.connect(1, 5, kProxyPort);
    World::Wire& middle = world.connect(5, 6, kProxyPort);
    World::Wire& up = world.connect(6, 9, kServerPort);
    for (World::Wire* wire : {&down, &middle, &up}) world.asks(*wire, get());
    for (World::Wire* wire : {&up, &middle, &down})
        world.answers(*wire, with_id("1") + kAbcdef + kEnd);
    const std::string told = world.told();
    EXPECT_NE(told.find("0<1 known 6\n"), std::string::npos) << told;
    EXPECT_NE(told.find("1<2 known 6\n"), std::string::npos) << told;
    EXPECT_EQ(told.size(), 24U) << told;
}

TEST(Legs, OnlyWhatWasCapturedIsMatched) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("1") + "6\r\nab");
    world.loses(legs.up, "cd");
    world.answers(legs.up, "ef\r\n" + kEnd);
    world.answers(legs.down, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known 0\n");
    const LegPair& pair = world.book().final()->pairs().front();
    const auto runs = match(pair, {0, 6});
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].upstream.body, (BodyRange{0, 2}));
    EXPECT_EQ(runs[1].upstream.body, (BodyRange{4, 6}));
    EXPECT_EQ(hold(runs)->bytes, 4U);
}

TEST(Legs, AHoleWithoutIdsLeavesItOpen) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, head() + "6\r\nab");
    world.loses(legs.up, "cd");
    world.answers(legs.up, "ef\r\n" + kEnd);
    world.answers(legs.down, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? no bytes\n");
}

TEST(Legs, WhatIsReadMaySayIdsAlone) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, get());
    world.asks(legs.up, get());
    world.answers(legs.up, with_id("1") + kAbc);
    const Leg down{&legs.down.connection, Side::kSecond, 0};
    world.answers(legs.down, with_id("1") + kAbc);
    const LegPair* pair = world.book().by_downstream(down);
    ASSERT_NE(pair, nullptr);
    EXPECT_EQ(pair->upstream.connection, &legs.up.connection);
    EXPECT_TRUE(agrees(*pair, {0, 3}));
}

TEST(Legs, WithoutAProxyNothingIsLookedAt) {
    World world;
    World::Wire& one = world.connect(1, 9, kServerPort);
    World::Wire& two = world.connect(2, 9, kServerPort);
    world.asks(one, get());
    world.asks(two, get());
    world.answers(one, kLength);
    world.answers(two, kLength);
    EXPECT_EQ(world.told(), "");
    EXPECT_EQ(one.connection.stream(Side::kSecond).watched(0), nullptr) << "one server";
    EXPECT_TRUE(world.book().index().legs().empty());
}

TEST(Legs, WhatOneClientAskedTwoServersIsNotLookedAt) {
    World world;
    World::Wire& one = world.connect(1, 8, kServerPort);
    World::Wire& two = world.connect(1, 9, kServerPort);
    world.asks(one, get());
    world.asks(two, get());
    world.answers(two, kLength);
    world.answers(one, kLength);
    EXPECT_EQ(world.told(), "");
    EXPECT_TRUE(world.book().index().legs().empty());
}

TEST(Legs, AProxyOnTheHostOfItsClientIsNoClientOfBoth) {
    World world;
    World::Wire& down = world.connect(1, 1, kProxyPort);
    World::Wire& up = world.connect(1, 9, kServerPort);
    world.asks(down, get());
    world.asks(up, get());
    world.answers(up, kLength);
    world.answers(down, kLength);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, WithoutAListenerNothingIsLookedAtEither) {
    for (const bool pairing : {true, false}) {
        World world(pairing);
        Proxied legs(world);
        world.asks(legs.down, get());
        world.asks(legs.up, get());
        world.answers(legs.up, with_id("7f") + kAbc + kEnd);
        world.answers(legs.down, with_id("7f") + kAbc + kEnd);
        EXPECT_EQ(world.told(), pairing ? "0<1 known 3\n" : "");
        EXPECT_EQ(legs.up.connection.stream(Side::kSecond).watched(0) != nullptr, pairing);
    }
}

}  // namespace
}  // namespace seamark
