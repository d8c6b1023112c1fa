// SPDX-License-Identifier: GPL-2.0-or-later
//
// Exchanges that look like two legs and are none, or are although something of them is missing.
#include <gtest/gtest.h>

#include <string>

#include "core/proxy/leg_match.hpp"
#include "support/body.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_edges_test {
namespace {

using namespace test;

/// What goes down before it came up was not passed on.
TEST(LegEdges, AnAnswerThatCameFirstIsNotPassedOn) {
    World world;
    Proxied legs(world, get());
    world.answers({&legs.down, &legs.up}, kLength);
    EXPECT_EQ(world.told(), "");
}

/// The proxy had begun to answer when it asked: its head, or a part of it, had come.
TEST(LegEdges, AnAnswerThatHadBegunWhenTheProxyAskedIsItsOwn) {
    const std::string answer = head() + kAbcdef + kEnd;
    for (const std::size_t sent : {std::size_t{20}, head().size(), head().size() + 4}) {
        SCOPED_TRACE(sent);
        World world;
        Proxied legs(world);
        world.asks(legs.down, get());
        world.answers(legs.down, answer.substr(0, sent));
        world.asks(legs.up, get());
        world.answers(legs.up, answer);
        world.answers(legs.down, answer.substr(sent));
        EXPECT_EQ(world.told(), "");
    }
}

TEST(LegEdges, AResponseWithoutItsRequestHasNoOtherLeg) {
    World world;
    Proxied legs(world);
    world.answers({&legs.up, &legs.down}, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(LegEdges, ARequestWhoseHeadIsCutHasNoOtherLeg) {
    World world;
    Proxied legs(world);
    world.asks(legs.down, "GET /a HTTP/1.1\r\nHos");
    world.asks(legs.up, get());
    world.answers({&legs.up, &legs.down}, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "");
}

/// A read filter dropped the first or the last frame of a request's head, or that of the response's
/// head: when it passed is not known.
TEST(LegEdges, WithoutTheTimesOfAnExchangeItHasNoOtherLeg) {
    for (const std::uint32_t dropped : {0U, 1U, 2U, 5U}) {
        SCOPED_TRACE(dropped);
        World world;
        Proxied legs(world);
        std::uint32_t frame = 0;
        const auto drop = [&](World::Wire& wire) {
            if (++frame == dropped) wire.connection.forget(FrameNumber{frame});
        };
        world.asks(legs.down, get().substr(0, 20));
        drop(legs.down);
        world.asks(legs.down, get().substr(20));
        drop(legs.down);
        world.asks(legs.up, get());
        drop(legs.up);
        world.answers(legs.up, with_id("1") + kAbcdef + kEnd);
        drop(legs.up);
        world.answers(legs.down, with_id("1"));
        drop(legs.down);
        world.answers(legs.down, kAbcdef + kEnd);
        EXPECT_EQ(world.told(), dropped == 0 ? "0<1 known 6\n" : "");
    }
}

TEST(LegEdges, BodiesOfAnnouncedLengthsThatDifferAreNotTheSame) {
    const auto of_length = [](const std::string& length) {
        return "HTTP/1.1 200 OK\r\nSeamark: id=1\r\nContent-Length: " + length + "\r\n\r\nabcdef";
    };
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, of_length("6"));
    world.answers(legs.down, of_length("9"));  // of which 6 were captured
    EXPECT_EQ(world.told(), "0<1 known differ\n");
    EXPECT_FALSE(agrees(world.legs()->pairs().front(), body(0, 3))) << "not even where they do";
    World shorter;
    Proxied cut(shorter, get());
    shorter.answers(cut.up, of_length("6"));
    shorter.answers(cut.down, with_id("1") + kAbcdef);  // its end was not captured
    EXPECT_EQ(shorter.told(), "0<1 known 6\n");
    EXPECT_TRUE(agrees(shorter.legs()->pairs().front(), body(0, 6)));
}

/// The upstream leg is that of the client whose answer has its id, not of another one without.
TEST(LegEdges, AnUpstreamLegThatIsKnownIsNoOtherClients) {
    World world;
    World::Wire& first = world.connect(1, 5, kProxyPort);
    World::Wire& second = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    world.asks({&first, &second, &up}, get());
    world.answers({&up, &first}, with_id("1") + kAbcdef + kEnd);
    world.answers(second, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<2 known 6\n");
}

/// The frame of a part of the upstream body was dropped: its bytes were read, and no frame has
/// them. What is matched is what both have.
TEST(LegEdges, WhatADroppedFrameBroughtHasNoTime) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbc);  // frame 3
    world.answers(legs.up, kDef);                 // frame 4
    legs.up.connection.forget(FrameNumber{4});
    world.answers(legs.up, kEnd);
    world.answers(legs.down, with_id("1") + kAbcdef + kEnd);  // frame 6
    ASSERT_EQ(world.told(), "0<1 known 6\n");
    const LegPair& pair = world.legs()->pairs().front();
    const auto runs = match(pair, body(0, 6));
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs[0].upstream.body, body(0, 3));
    EXPECT_EQ(runs[0].upstream.frame, FrameNumber{3});
    EXPECT_EQ(counterpart(pair.upstream, body(0, 6)).frames,
              (std::vector<FrameNumber>{FrameNumber{3}}));
    EXPECT_EQ(counterpart(pair.downstream, body(0, 6)).frames,
              (std::vector<FrameNumber>{FrameNumber{6}}));
}

TEST(LegEdges, OfBodiesThatDifferNothingIsMatched) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbcdef + kEnd);
    world.answers(legs.down, with_id("1") + "6\r\nabcdeX\r\n" + kEnd);
    ASSERT_EQ(world.told(), "0<1 known differ\n");
    EXPECT_TRUE(match(world.legs()->pairs().front(), body(0, 6)).empty());
}

}  // namespace
}  // namespace seamark::leg_edges_test
