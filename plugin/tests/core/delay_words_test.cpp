// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said of where the time of events went.
#include "core/report/delay_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/report/cause_words.hpp"
#include "support/legs_world.hpp"

namespace seamark::delay_words_test {
namespace {

using namespace test;

/// The server h9:8080, the proxy h5:80 and the client h1:40000.
struct TwoLegs {
    TwoLegs() : legs(world) {
        world.told();
        entries = world.table();
        std::vector<const Connection*> connections;
        for (const CaptureEntry& entry : entries) connections.push_back(entry.connection);
        paths = exchange_paths(connections, world.legs());
    }
    words::DelayPlaces places() const { return {entries, paths.at(0)}; }
    /// Of a share of 1.5 of 2 ms.
    std::string held(DelayLayer layer, std::uint32_t leg = 0, bool kept = false) const {
        DelayShare share;
        share.layer = layer;
        share.leg = leg;
        share.ns = 1'500'000;
        share.confidence = Confidence::kKnown;
        return words::held(places(), share, 2'000'000, kept);
    }

    World world;
    Joined legs;
    std::vector<CaptureEntry> entries;
    std::vector<ExchangePath> paths;
};

TEST(DelayWords, OfEachLayerSayWhereItIs) {
    const TwoLegs path;
    EXPECT_EQ(path.held(DelayLayer::kApplication),
              "application at h9:8080: written 1.500 ms apart (known)");
    EXPECT_EQ(path.held(DelayLayer::kSender),
              "sender at h9:8080: captured there 1.500 ms apart; application and kernel are one, "
              "since no write calls were recorded (known)");
    EXPECT_EQ(path.held(DelayLayer::kStack, 1),
              "1.500 of 2.000 ms between write and wire, in the kernel at h5:80 (known)");
    EXPECT_EQ(path.held(DelayLayer::kWire),
              "1.500 of 2.000 ms on the wire from h9:8080 to h5:40001, for bytes that were missing "
              "or sent again (known)");
    EXPECT_EQ(path.held(DelayLayer::kRest),
              "1.500 of 2.000 ms for the rest of a record or block from h9:8080 (known)");
    EXPECT_EQ(path.held(DelayLayer::kProxy), "1.500 of 2.000 ms in the proxy at h5:80 (known)");
    EXPECT_EQ(path.held(DelayLayer::kReceiver),
              "1.500 of 2.000 ms in the reads of the proxy at h5:40001: it read that much later "
              "(known)");
    EXPECT_EQ(path.held(DelayLayer::kReceiver, 1),
              "1.500 of 2.000 ms in the receiver at h1:40000: it read that much later (known)");
}

TEST(DelayWords, ACompressorIsAPartOfWhatIsAboveIt) {
    const TwoLegs path;
    EXPECT_EQ(path.held(DelayLayer::kApplication, 0, true),
              "application at h9:8080: written 1.500 ms apart, its compressor's time included "
              "(known)");
    EXPECT_EQ(
        path.held(DelayLayer::kSender, 0, true),
        "sender at h9:8080: captured there 1.500 ms apart; application, compressor and kernel "
        "are one, since no write calls were recorded (known)");
}

TEST(DelayWords, TheFirstCountsFromTheRequest) {
    const TwoLegs path;
    DelayShare share;
    share.layer = DelayLayer::kApplication;
    share.ns = 1'500'000;
    share.since_request = true;
    EXPECT_EQ(words::held(path.places(), share, share.ns),
              "application at h9:8080: written 1.500 ms after the request (consistent)");
}

TEST(DelayWords, OfAKernelNameTheCause) {
    const TwoLegs path;
    DelayShare share;
    share.layer = DelayLayer::kStack;
    share.ns = 1'500'000;
    share.causes = {Cause::kNagle};
    share.cause_confidence = Confidence::kKnown;
    EXPECT_EQ(words::held(path.places(), share, 2'000'000),
              "1.500 of 2.000 ms between write and wire, in the kernel at h9:8080 (consistent): " +
                  words::cause_phrases(share.causes) + " (known)");
}

TEST(DelayWords, SharesAreInTheOrderOfThePath) {
    const TwoLegs path;
    EventDelay delay;
    delay.shares.resize(3);
    delay.shares[0].layer = DelayLayer::kApplication;
    delay.shares[0].ns = 30'287'000;
    delay.shares[1].layer = DelayLayer::kStack;
    delay.shares[2].layer = DelayLayer::kReceiver;
    delay.shares[2].ns = 5'000'000;
    const std::string all = "application 30.287 ms, stack 0.000 ms, receiver 5.000 ms";
    EXPECT_EQ(words::shares(path.places(), delay), all);
    delay.comparable = false;
    delay.kept = true;
    EXPECT_EQ(words::shares(path.places(), delay), all + "  times run back  compressor");
}

DelayVerdict verdict_about(DelayVerdict::About about) {
    DelayVerdict verdict;
    verdict.about = about;
    verdict.share.layer = DelayLayer::kProxy;
    verdict.share.ns = 1'500'000;
    verdict.of = 2'000'000;
    verdict.event = 2;
    verdict.long_ones = 1;
    verdict.same = 1;
    return verdict;
}

TEST(DelayWords, OfAVerdictSayWhatItIsAbout) {
    using About = DelayVerdict::About;
    const TwoLegs path;
    const std::string held = "1.500 of 2.000 ms in the proxy at h5:80 (consistent)";
    const auto of = [&](const DelayVerdict& verdict) {
        return words::verdict(path.places(), verdict);
    };
    using Lines = std::vector<std::string>;
    EXPECT_EQ(of(verdict_about(About::kNothing)), Lines{"No layer can be named"});
    EXPECT_EQ(of(verdict_about(About::kTogether)), Lines{"All chunks arrived at once: " + held});
    DelayVerdict longest = verdict_about(About::kLongest);
    EXPECT_EQ(of(longest), Lines{"Longest, chunk 2 after 2.000 ms: " + held});
    longest.long_ones = 3;
    longest.kept = 1;
    EXPECT_EQ(of(longest),
              (Lines{"Longest, chunk 2 after 2.000 ms: " + held,
                     "The same layer has the largest share in 1 of the 3 chunks that took at least "
                     "half as long",
                     "The compressor was not flushed after 1 chunk: each left it only with what "
                     "followed, and when it was given to the compressor is not seen"}));
}

TEST(DelayWords, NameWhatTheCaptureDoesNotShow) {
    const TwoLegs path;
    const DelayReader reader(path.paths.at(0));
    EXPECT_EQ(words::unseen(path.places(), reader),
              (std::vector<std::string>{
                  "application and kernel of the sender at h9:8080 (no write calls recorded)",
                  "program and kernel of the proxy at h5:80 (no calls recorded)",
                  "receiver at h1:40000 (no read calls recorded)"}));
}

TEST(DelayWords, WhatWasRecordedIsShown) {
    World world;
    Joined legs(world);
    // The first chunk's bytes of both legs, behind heads of 70 bytes.
    World::writes(legs.up, 1, 70, 12, 90);
    World::writes(legs.down, 1, 70, 11, 91);
    World::reads(legs.down, 1, 70, 11, 92);
    world.told();
    const auto entries = world.table();
    const std::vector<const Connection*> connections{&legs.down.connection, &legs.up.connection};
    const auto paths = exchange_paths(connections, world.legs());
    const DelayReader reader(paths.at(0));
    EXPECT_TRUE(words::unseen(words::DelayPlaces(entries, paths[0]), reader).empty());
}

}  // namespace
}  // namespace seamark::delay_words_test
