// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which exchanges are looked at, as legs that may be.
#include <gtest/gtest.h>

#include "core/proxy/leg_book.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_index_test {
namespace {

using namespace test;

TEST(Legs, WithoutAProxyNothingIsLookedAt) {
    World world;
    World::Wire& one = world.connect(1, 9, kServerPort);
    World::Wire& two = world.connect(2, 9, kServerPort);
    world.asks({&one, &two}, get());
    world.answers({&one, &two}, kLength);
    EXPECT_EQ(world.told(), "");
    EXPECT_EQ(one.connection.stream(Side::kSecond).watched(0), nullptr) << "one server";
    EXPECT_TRUE(world.book().index().legs().empty());
}

TEST(Legs, WhatOneClientAskedTwoServersIsNotLookedAt) {
    World world;
    World::Wire& one = world.connect(1, 8, kServerPort);
    World::Wire& two = world.connect(1, 9, kServerPort);
    world.asks({&one, &two}, get());
    world.answers({&two, &one}, kLength);
    EXPECT_EQ(world.told(), "");
    EXPECT_TRUE(world.book().index().legs().empty());
}

TEST(Legs, AProxyOnTheHostOfItsClientIsNoClientOfBoth) {
    World world;
    World::Wire& down = world.connect(1, 1, kProxyPort);
    World::Wire& up = world.connect(1, 9, kServerPort);
    world.asks({&down, &up}, get());
    world.answers({&up, &down}, kLength);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(Legs, WithoutAListenerNothingIsLookedAtEither) {
    for (const bool pairing : {true, false}) {
        World world(pairing);
        Proxied legs(world, get());
        world.answers({&legs.up, &legs.down}, with_id("7f") + kAbc + kEnd);
        EXPECT_EQ(world.told(), pairing ? "0<1 known 3\n" : "");
        EXPECT_EQ(legs.up.connection.stream(Side::kSecond).watched(0) != nullptr, pairing);
    }
}

}  // namespace
}  // namespace seamark::leg_index_test
