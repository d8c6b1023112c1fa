// SPDX-License-Identifier: GPL-2.0-or-later
//
// Pairing at its limits, what is asked before the end of a capture, and what is matched of two
// legs.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/proxy/leg_book.hpp"
#include "core/proxy/leg_match.hpp"
#include "core/report/leg_words.hpp"
#include "support/body.hpp"
#include "support/legs_world.hpp"

namespace seamark::leg_pairs_test {
namespace {

using namespace test;

TEST(LegPairs, AnotherStatusIsAnotherAnswer) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, "HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\nabcdef");
    world.answers(legs.down, kLength);
    EXPECT_EQ(world.told(), "");
}

TEST(LegPairs, AnAnswerWithoutABodyHasNothingToCompare) {
    World world;
    Proxied legs(world, get());
    const std::string empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    world.answers({&legs.up, &legs.down}, empty);
    EXPECT_EQ(world.told(), "0? no bytes\n");
}

TEST(LegPairs, WhatBrokeOffUpstreamIsNotWhereTheRestCameFrom) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbc);
    world.answers(legs.down, head() + kAbc + kDef + kEnd);
    EXPECT_EQ(world.told(), "");
}

TEST(LegPairs, AnotherLengthIsAnotherBody) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("1") + kAbc + kEnd);
    world.answers(legs.down, with_id("1") + kAbcdef + kEnd);
    EXPECT_EQ(world.told(), "0<1 known differ\n") << "three bytes more than upstream has";
}

TEST(LegPairs, AHostThatIsNotTheSameIsADoubt) {
    World world;
    auto& down = world.connect(1, 5, kProxyPort);
    auto& up = world.connect(6, 9, kServerPort);  // from another address than the proxy's
    world.asks({&down, &up}, get());
    world.answers({&up, &down}, kLength);
    EXPECT_EQ(world.told(), "0? addresses\n");
    EXPECT_EQ(world.book().doubt({&down.connection, Side::kSecond, 0}), LegDoubt::kAddresses);
    EXPECT_EQ(world.book().doubt({&up.connection, Side::kSecond, 0}), std::nullopt);
}

TEST(LegPairs, AnIdShowsWhichAddressesAreOneHost) {
    World world;
    auto& down = world.connect(1, 5, kProxyPort);
    auto& up = world.connect(6, 9, kServerPort);
    world.asks({&down, &up}, get());
    world.answers({&up, &down}, with_id("3") + kAbc + kEnd);
    auto& later_down = world.connect(2, 5, kProxyPort);
    auto& later_up = world.connect(6, 9, kServerPort);
    world.asks({&later_down, &later_up}, get("/b"));
    world.answers({&later_up, &later_down}, kLength);
    EXPECT_EQ(world.told(), "0<1 known 3\n2<3 consistent 6\n");
}

TEST(LegPairs, AnAnswerThatWasStoredIsSaidToBe) {
    World world;
    Proxied first(world, get());
    world.answers(first.up, with_id("7") + kAbc + kEnd);
    world.answers(first.down, with_id("7") + kAbc + kEnd);
    auto& later = world.connect(2, 5, kProxyPort);
    world.asks(later, get());
    world.answers(later, with_id("7") + kAbc + kEnd);
    EXPECT_EQ(world.told(), "0<1 known 3\n2? stored\n");
}

/// More at once than are distinguished: nothing is said but that there are several.
TEST(LegPairs, OfVeryManyAtOnceNoneIsPicked) {
    World world;
    auto& down = world.connect(1, 5, kProxyPort);
    world.asks(down, get());
    std::vector<World::Wire*> ups;
    for (int i = 0; i < 70; ++i) ups.push_back(&world.connect(5, 9, kServerPort));
    for (World::Wire* up : ups) world.asks(*up, get());
    for (World::Wire* up : ups) world.answers(*up, with_id("9") + kAbc + kEnd);
    world.answers(down, with_id("9") + kAbc + kEnd);
    const std::string told = world.told();
    EXPECT_NE(told.find("0? several"), std::string::npos) << told;
    EXPECT_EQ(told.find("known"), std::string::npos) << told;
}

/// 32 requests of one target are open at most; those that were answered make room first.
TEST(LegIndex, ForgetsTheOldestOfManyOpenRequests) {
    for (const bool answered : {false, true}) {
        World world;
        std::vector<World::Wire*> downs;
        for (int i = 0; i < 40; ++i) downs.push_back(&world.connect(1, 5, kProxyPort));
        for (World::Wire* down : downs) {
            world.asks(*down, get());
            if (answered) world.answers(*down, kLength);
        }
        auto& last = world.connect(1, 5, kProxyPort);
        auto& up = world.connect(5, 9, kServerPort);
        world.asks({&last, &up}, get());
        world.answers({&up, &last}, kLength);
        const std::string told = world.told();
        EXPECT_EQ(told, "40<41 consistent 6\n") << answered;
    }
}

TEST(LegBook, SaysBeforeTheEndWhatIdsTell) {
    World world;
    Proxied legs(world, get());
    const Leg down{&legs.down.connection, Side::kSecond, 0};
    const Leg up{&legs.up.connection, Side::kSecond, 0};
    LegBook& book = world.book();
    world.answers(legs.up, with_id("1") + kAbc);
    EXPECT_EQ(book.by_upstream(up), nullptr) << "the other leg has not been seen";
    EXPECT_EQ(book.doubt(up), std::nullopt);
    EXPECT_EQ(book.final(), nullptr);
    world.answers(legs.down, with_id("1") + kAbc);
    const LegPair* pair = book.by_upstream(up);
    ASSERT_NE(pair, nullptr);
    EXPECT_EQ(book.by_upstream(up), pair) << "asked again, nothing is judged anew";
    EXPECT_EQ(book.by_downstream(up), nullptr);
    EXPECT_EQ(book.by_downstream(down)->upstream, up);
    world.told();
    EXPECT_NE(book.by_downstream(down), nullptr);
    book.reopen();
    EXPECT_EQ(book.final(), nullptr);
}

TEST(LegBook, SaysNothingOfABodyThatIsNotWatchedOrHasNoId) {
    World alone;
    auto& wire = alone.connect(1, 9, kServerPort);
    alone.asks(wire, get());
    alone.answers(wire, head() + kAbc);
    EXPECT_EQ(alone.book().by_downstream({&wire.connection, Side::kSecond, 0}), nullptr);
    World world;
    Proxied legs(world, get());
    world.answers({&legs.up, &legs.down}, head() + kAbc);
    EXPECT_EQ(world.book().by_downstream({&legs.down.connection, Side::kSecond, 0}), nullptr)
        << "before the end only ids tell";
    EXPECT_TRUE(world.book().index().with_id(77).empty());
}

/// Downstream "abcdef" in one frame; upstream "ab" and "cdef", frames 3 and 4.
struct CutUpstream : Proxied {
    explicit CutUpstream(World& world) : Proxied(world, get()) {
        world.answers(up, with_id("1") + "6\r\nab");
        world.answers(up, "cdef\r\n" + kEnd);
        world.answers(down, with_id("1") + kAbcdef + kEnd);
    }
};

TEST(LegMatch, GivesTheRunsOfALeg) {
    World world;
    CutUpstream legs(world);
    world.told();
    const LegPair& pair = world.legs()->pairs().at(0);
    std::vector<LegRun> runs;
    append_runs(pair.upstream, test::body(1, 5), runs);
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].body, (test::body(1, 2)));
    EXPECT_EQ(runs[0].frame, FrameNumber{3});
    EXPECT_EQ(runs[0].time, 3 * kMs);
    EXPECT_EQ(runs[1].body, (test::body(2, 5)));
    EXPECT_EQ(runs[1].time, 4 * kMs);
    // The bytes of the stream: head of 69, size line of 3, "a".
    EXPECT_EQ(runs[0].stream.length(), 1U);
    EXPECT_EQ(legs.up.connection.stream(Side::kSecond).public_offset(runs[0].stream.begin),
              PublicOffset{73});
}

TEST(LegMatch, MatchesByteForByte) {
    World world;
    CutUpstream legs(world);
    world.told();
    const LegPair& pair = world.legs()->pairs().at(0);
    const auto runs = match(pair, test::body(1, 5));
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].upstream.body, (test::body(1, 2)));
    EXPECT_EQ(runs[0].downstream.body, (test::body(1, 2)));
    EXPECT_EQ(runs[0].held(), 2 * kMs);
    EXPECT_EQ(runs[1].held(), 1 * kMs);
    EXPECT_TRUE(match(pair, test::body(6, 9)).empty()) << "behind the body";
    EXPECT_TRUE(agrees(pair, test::body(0, 6)));
    EXPECT_EQ(hold({}), std::nullopt);
}

TEST(LegMatch, TellsNoTimeWhereAByteLeftBeforeItCame) {
    MatchedRun early;
    early.upstream.time = 5;
    early.downstream.time = 4;
    early.upstream.body = early.downstream.body = test::body(0, 3);
    EXPECT_EQ(hold({early}), std::nullopt);
    MatchedRun late = early;
    late.downstream.time = 9;
    late.upstream.body = test::body(3, 10);
    const auto held = hold({late});
    ASSERT_TRUE(held);
    EXPECT_EQ(held->longest, 4);
    EXPECT_EQ(held->shortest, 4);
    EXPECT_EQ(held->bytes, 7U);
    EXPECT_EQ(hold({late, early}), std::nullopt);
}

TEST(LegMatch, NamesWritesByEventsWhereThereAreSome) {
    World world;
    Joined legs(world);
    // Recorded: one write of everything upstream; the tags say 2 and 3.
    World::writes(legs.up, 9, 0, 200, 90);
    world.told();
    const LegPair& pair = world.legs()->pairs().at(0);
    EXPECT_EQ(counterpart(pair.upstream, test::body(0, 6)).writes, (std::vector<std::uint64_t>{9}));
    EXPECT_TRUE(counterpart(pair.downstream, test::body(0, 6)).writes.empty())
        << "neither tag nor event";
}

TEST(LegMatch, OfABodyOfKnownLengthHasNoChunks) {
    World world;
    Proxied legs(world, get());
    world.answers({&legs.up, &legs.down}, kLength);
    world.told();
    const auto found = counterpart(world.legs()->pairs().at(0).upstream, test::body(0, 6));
    EXPECT_TRUE(found.chunks.empty());
    EXPECT_EQ(found.frames, (std::vector{FrameNumber{3}}));
}

TEST(LegWords, ConfidencesAreWords) {
    EXPECT_EQ(to_string(LegConfidence::kKnown), "known");
    EXPECT_EQ(to_string(LegConfidence::kConsistent), "consistent");
}

}  // namespace
}  // namespace seamark::leg_pairs_test
