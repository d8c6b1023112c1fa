// SPDX-License-Identifier: GPL-2.0-or-later
//
// Legs that addresses and bytes alone do not pair: codings that differ, a proxy with two addresses,
// one below HTTP that keeps the client's address.
#include <gtest/gtest.h>

#include <string>

#include "core/report/explain.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_doubts_test {
namespace {

using namespace test;

const std::string kGzip = "Content-Encoding: gzip\r\n";
const std::string kForwarded = "GET /a HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: h1\r\n\r\n";

std::string page(const World& world, const LegPairs* legs, std::uint32_t frame) {
    std::string text;
    write_explanation(
        world.table(), FrameNumber{frame}, {},
        [&](std::string_view line) {
            text.append(line.substr(line.find_first_not_of(' ') == std::string_view::npos
                                        ? line.size()
                                        : line.find_first_not_of(' ')))
                .append(" ");
        },
        legs);
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(LegDoubts, CodingsThatDifferAreNamed) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbcdef + kEnd);               // frame 3
    world.answers(legs.down, head(kGzip) + "2\r\nzz\r\n" + kEnd);  // frame 4
    EXPECT_EQ(world.told(), "0? coding\n");
    const std::string down = page(world, world.legs(), 4);
    EXPECT_TRUE(has(down, "Proxy: the other leg Other leg unknown")) << down;
    EXPECT_TRUE(has(down, "The one that fits is stream 1, exchange 1.")) << down;
    const std::string up = page(world, world.legs(), 3);
    EXPECT_TRUE(has(up, "It may be the upstream leg of stream 0, exchange 1")) << up;
}

TEST(LegDoubts, AnotherCodingIsNoRivalOfALegWhoseBytesMatch) {
    World world;
    World::Wire& plain = world.connect(1, 5, kProxyPort);
    World::Wire& zipped = world.connect(2, 5, kProxyPort);
    World::Wire& up = world.connect(5, 9, kServerPort);
    world.asks({&plain, &zipped, &up}, get());
    world.answers({&up, &plain}, head() + kAbcdef + kEnd);
    world.answers(zipped, head(kGzip) + "2\r\nzz\r\n" + kEnd);
    EXPECT_EQ(world.told(), "0<2 consistent 6\n");
}

TEST(LegDoubts, AFieldOfTheRequestShowsTheProxyWhereAddressesDoNot) {
    for (const bool forwarded : {true, false}) {
        World world;
        World::Wire& down = world.connect(1, 5, kProxyPort);
        World::Wire& up = world.connect(6, 9, kServerPort);  // the proxy's other address
        world.asks(down, get());
        world.asks(up, forwarded ? kForwarded : get());
        world.answers({&up, &down}, head() + kAbcdef + kEnd);
        EXPECT_EQ(world.told(), forwarded ? "0<1 consistent 6\n" : "0? addresses\n");
    }
}

TEST(LegDoubts, AFieldThatBothRequestsHaveShowsNothing) {
    World world;
    World::Wire& down = world.connect(1, 5, kProxyPort);
    World::Wire& up = world.connect(6, 9, kServerPort);
    world.asks({&down, &up}, kForwarded);
    world.answers({&up, &down}, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0? addresses\n");
}

TEST(LegDoubts, AProxyBelowHttpMayKeepTheClientsAddress) {
    World world;
    World::Wire& down = world.connect(1, 5, kProxyPort, 40000);
    World::Wire& up = world.connect(1, 9, kServerPort, 40000);
    world.asks({&down, &up}, get());
    world.answers({&up, &down}, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 consistent 6\n");
}

TEST(LegDoubts, AClientThatAsksTwoServersHasTwoPorts) {
    World world;
    World::Wire& one = world.connect(1, 5, kProxyPort);
    World::Wire& two = world.connect(1, 9, kServerPort);
    world.asks({&one, &two}, get());
    world.answers({&two, &one}, head() + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(LegDoubts, EachLegIsInThePageOfTheOther) {
    World world;
    const Joined legs(world);
    world.told();
    const std::string down = page(world, world.legs(), 5);
    EXPECT_TRUE(has(down,
                    "This is the downstream leg of an exchange through a proxy; the upstream leg "
                    "is stream 1, exchange 1 (known)."))
        << down;
    EXPECT_TRUE(has(down,
                    "6 body bytes of this frame reached the proxy in frames 3, 4: the proxy held "
                    "them 1.000 ms to 2.000 ms."))
        << down;
    EXPECT_TRUE(has(down, "- there, frame 3: ")) << down;
    const std::string up = page(world, world.legs(), 3);
    EXPECT_TRUE(has(up, "3 body bytes of this frame left the proxy in frame 5")) << up;
    EXPECT_FALSE(has(page(world, nullptr, 5), "Proxy")) << "not judged";
}

}  // namespace
}  // namespace seamark::leg_doubts_test
