// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which of several exchanges is the other leg: each case a capture by hand.
#include <gtest/gtest.h>

#include <string>

#include "support/legs_world.hpp"

namespace seamark::leg_choice_test {
namespace {

using namespace test;

TEST(Legs, AStoredAnswerHasNoUpstreamLeg) {
    for (const bool ids : {true, false}) {
        const std::string answer = (ids ? with_id("1") : head()) + kAbcdef + kEnd;
        World world;
        Proxied legs(world, get());
        world.answers({&legs.up, &legs.down}, answer);
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
    world.asks({&first, &second, &up, &also_up}, get());
    world.answers({&up, &also_up, &first, &second}, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? several\n1? several\n");
}

TEST(Legs, IdsTellTwoClientsApart) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    World::Wire& also_up = world.connect(5, 9, kServerPort);
    world.asks({&first, &second, &up, &also_up}, get());
    world.answers(up, with_id("b") + kAbcdef + kEnd);
    world.answers({&also_up, &first}, with_id("a") + kAbcdef + kEnd);
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
    world.asks({&first, &second, &up}, get());
    world.answers({&up, &first, &second}, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? several\n1? several\n");
}

TEST(Legs, TwoClientsOfTwoServersAreNoLegs) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& other = world.connect(2, 9, kServerPort);
    world.asks({&first, &other}, get());
    world.answers({&other, &first}, kLength);
    EXPECT_EQ(world.told(), "0? addresses\n");
}

TEST(Legs, IdsShowTheTwoAddressesOfAProxy) {
    World world;
    World::Wire& down = world.connect(1, 5, kProxyPort);
    World::Wire& up = world.connect(6, 9, kServerPort);  // the proxy's other address
    world.asks({&down, &up}, get());
    world.answers({&up, &down}, with_id("1") + kAbcdef + kEnd);
    world.asks({&down, &up}, get("/b"));
    world.answers({&up, &down}, kLength);
    EXPECT_EQ(world.told(), "0<1 known 6\n0.2<1.2 consistent 6\n");
}

TEST(Legs, ARetryIsPairedWithTheAnswerThatCame) {
    World world;
    Proxied legs(world);
    World::Wire& retry = world.connect(5, 9, kServerPort);
    world.asks({&legs.down, &legs.up}, get());
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
    world.asks({&down, &middle, &up}, get());
    world.answers({&up, &middle, &down}, with_id("1") + kAbcdef + kEnd);
    const std::string told = world.told();
    EXPECT_NE(told.find("0<1 known 6\n"), std::string::npos) << told;
    EXPECT_NE(told.find("1<2 known 6\n"), std::string::npos) << told;
    EXPECT_EQ(told.size(), 24U) << told;
}

}  // namespace
}  // namespace seamark::leg_choice_test
