// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the time of chunks and events went: paths through proxies, shares and what is known of
// them. The long way, through tshark, is check_latency.py.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/delay/delay_reader.hpp"
#include "core/delay/delay_summary.hpp"
#include "core/report/delay_story.hpp"
#include "core/report/delay_words.hpp"
#include "support/legs_world.hpp"
#include "support/scripted_connection.hpp"

namespace seamark::delay_test {
namespace {

using namespace test;

/// "sender 2, wire 0, proxy 3 | …": the shares of each unit, in the unit given.
std::string shares(const ExchangePath& path, std::int64_t unit, DelaySummary* summary = nullptr) {
    DelayReader reader(path);
    std::string text;
    path.each_unit([&](const DelayUnit& one) {
        const EventDelay* delay = reader.read(one);
        if (!text.empty()) text += " | ";
        if (delay == nullptr) {
            text += "none";
            return;
        }
        if (summary != nullptr) summary->add(*delay);
        std::string row;
        for (const DelayShare& share : delay->shares) {
            if (share.ns == 0) continue;
            row += (row.empty() ? "" : ", ") + std::string(to_string(share.layer)) + " " +
                   std::to_string(share.ns / unit) +
                   (share.confidence == Confidence::kKnown ? "!" : "");
        }
        text += row.empty() ? "-" : row;
        if (!delay->comparable) text += " runs back";
    });
    return text;
}

std::vector<ExchangePath> paths_of(World& world) {
    world.told();
    std::vector<const Connection*> connections;
    for (const CaptureEntry& entry : world.table()) connections.push_back(entry.connection);
    return exchange_paths(connections, world.legs());
}

const std::string kEvents = "Content-Type: text/event-stream\r\n";
std::string event(const std::string& data) {
    return "data: " + data + "\n\n";
}
std::string chunk(const std::string& data) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string size(1, kHex[data.size() % 16]);
    if (data.size() >= 16) size.insert(0, 1, kHex[data.size() / 16]);
    return size + "\r\n" + data + "\r\n";
}

TEST(DelayPath, GoesThroughTheProxyAndLeavesOutTheLegAbove) {
    World world;
    Joined legs(world);
    const auto paths = paths_of(world);
    ASSERT_EQ(paths.size(), 1U);
    ASSERT_EQ(paths[0].legs().size(), 2U);
    EXPECT_EQ(paths[0].server().leg.connection, &legs.up.connection);
    EXPECT_EQ(paths[0].client().leg.connection, &legs.down.connection);
    // Upstream the request ends at 2 ms, chunks are there at 3 and 4 ms, downstream's at 5 ms.
    EXPECT_EQ(shares(paths[0], kMs), "sender 1, proxy 2 | sender 1, proxy 1");
}

TEST(DelayPath, WithoutLegsIsItsOwnMessage) {
    World world(false);
    Proxied legs(world, get());
    world.answers(legs.up, head() + kAbc);
    world.answers(legs.up, kDef + kEnd);
    const auto paths = paths_of(world);
    ASSERT_EQ(paths.size(), 1U);
    EXPECT_EQ(shares(paths[0], kMs), "sender 1 | sender 1");
}

TEST(DelayPath, EventsOfTwoCodingsAreNotTakenForTheSameWhereTheyDiffer) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head(kEvents) + chunk(event("a")));
    world.answers(legs.down, head(kEvents + "Content-Encoding: br\r\n") + kAbc + kEnd);
    const auto paths = paths_of(world);
    for (const ExchangePath& path : paths) EXPECT_EQ(path.legs().size(), 1U);
}

TEST(DelayReader, EventsThatAProxyCollects) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, head(kEvents));
    const char* const names[] = {"a", "b", "c"};
    for (const char* name : names) {
        world.wait(9);
        world.answers(legs.up, chunk(event(name)));  // each 10 ms after the one before it
    }
    world.answers(legs.down, head(kEvents) + chunk(event("a") + event("b") + event("c")) + kEnd);
    const auto paths = paths_of(world);
    ASSERT_EQ(paths.size(), 1U);
    DelaySummary summary;
    EXPECT_EQ(shares(paths[0], kMs, &summary),
              "sender 11, proxy 21 | sender 10, proxy 11 | sender 10, proxy 1");
    const DelayVerdict verdict = summary.verdict();
    EXPECT_EQ(verdict.share.layer, DelayLayer::kProxy) << "their bodies match, so it is consistent";
    EXPECT_EQ(verdict.share.confidence, Confidence::kConsistent);
    EXPECT_EQ(verdict.of, 21 * kMs);
    EXPECT_EQ(verdict.event, 2U);
    EXPECT_EQ(verdict.long_ones, 2U);
    EXPECT_EQ(verdict.same, 1U);
    const auto entries = world.table();
    const words::DelayPlaces places(entries, paths[0]);
    EXPECT_EQ(words::verdict(places, verdict).front(),
              "Longest, event 2 after 21.000 ms: 11.000 of 21.000 ms in the proxy at h5:80 "
              "(consistent)");
}

/// A response whose writes are recorded, each captured `late` µs after its call.
struct Written : ScriptedConnection {
    std::uint32_t offset = 0;

    void piece(std::int64_t at, std::int64_t late, const Write& how = {}) {
        write(offset, 32, at, how);
        data(offset, 32, at + late);
        offset += 32;
    }
};

/// Pieces of 32 bytes as if they were events: a body without chunks has none.
std::string written_shares(const Written& made, std::size_t count) {
    const Connection& connection = made.connection;
    const ExchangePath path(Leg{&connection, kServer, 0}, nullptr);
    DelayReader reader(path);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        const BodyOffset begin{i * 32};
        const EventDelay* delay = reader.read(
            DelayUnit{static_cast<std::uint32_t>(i + 1), 0, {begin, begin + 32}, false});
        if (delay == nullptr) return "none";
        if (i == 0) continue;
        std::string row;
        for (const DelayShare& share : delay->shares)
            if (share.ns > 0)
                row += (row.empty() ? "" : ", ") + std::string(to_string(share.layer)) + " " +
                       std::to_string(share.ns / kMicro) +
                       (share.confidence == Confidence::kKnown ? "!" : "");
        text += (text.empty() ? "" : " | ") + row;
    }
    return text;
}

TEST(DelayReader, AnApplicationThatPausesIsKnown) {
    Written made;
    made.piece(50'000, 2);
    made.piece(530'000, 2);
    // A call takes 5 µs, and the kernel sends before it returns.
    EXPECT_EQ(written_shares(made, 2), "application 479995!, stack 7");
}

TEST(DelayReader, AWriteThatWasRefusedIsNoPaceOfTheApplication) {
    Written made;
    made.piece(50'000, 2);
    made.refused(made.offset, 60'000);
    made.piece(530'000, 2);
    EXPECT_EQ(written_shares(made, 2), "application 9995, stack 470007")
        << "it counts from the first attempt";
}

TEST(DelayReader, WhatLeavesLateIsNotTheApplications) {
    Written made;
    made.piece(50'000, 40'000);
    made.piece(100'000, 2);
    const std::string text = written_shares(made, 2);
    EXPECT_EQ(text, "application 49995, stack 7")
        << "the event before left so late that the kernel may have made it wait";
}

TEST(DelayReader, SentAgainIsTheWires) {
    Written made;
    made.piece(50'000, 2);
    made.piece(60'000, 2);
    made.data_again(270'002, std::nullopt);
    // Nothing but the time shows that it is no copy.
    const std::string text = written_shares(made, 2);
    EXPECT_EQ(text, "application 9995, stack 7, wire 210000");
}

TEST(DelayReader, AWriteThatTookLessIsNoPaceOfTheApplication) {
    Written made;
    made.piece(50'000, 2, {.requested = 100});
    made.piece(530'000, 2);
    EXPECT_EQ(written_shares(made, 2), "application 479995, stack 7")
        << "it had to wait for room before it could go on";
}

TEST(DelayReader, ALateReadIsTheReceivers) {
    Written made;
    made.piece(50'000, 2);
    made.piece(100'000, 2);
    made.piece(150'000, 2);
    made.read(32, 32, 4096, 300'000);
    EXPECT_EQ(written_shares(made, 2), "application 49995, stack 7, receiver 200003")
        << "nothing shows that the bytes had reached it";
}

TEST(DelayReader, ALateReadOfWhatWasAcknowledgedIsKnown) {
    Written made;
    made.piece(50'000, 2);
    made.piece(100'000, 2);
    made.client_ack(64, 100'100);
    made.piece(150'000, 2);  // shows that nothing was in flight
    made.read(32, 32, 4096, 300'000);
    EXPECT_EQ(written_shares(made, 2), "application 49995, stack 7, receiver 200003!");
}

TEST(DelayReader, WhatWasSentAgainAfterItWasReadWasNotNeeded) {
    Written made;
    made.piece(50'000, 2);
    made.piece(60'000, 2);
    made.read(32, 32, 4096, 60'100);
    made.data_again(270'002, std::nullopt);
    EXPECT_EQ(written_shares(made, 2), "application 9995!, stack 7, receiver 103")
        << "and most of the time was the pause between the calls";
}

/// What a page on a frame says of its events, a line each.
std::vector<std::string> told_of(const World& world, unsigned frame) {
    std::vector<std::string> lines;
    const LineSink sink = [&](std::string_view line) { lines.emplace_back(line); };
    Prose page(sink, 1000);
    tell_delays(world.table(), FrameNumber{frame}, world.legs(), page);
    return lines;
}

TEST(DelayStory, IsOfTheEventsWhoseLastByteAFrameCarried) {
    World world;
    Proxied legs(world, get());                 // frames 1 and 2
    world.answers(legs.up, head(kEvents));      // 3, at 3 ms
    world.answers(legs.up, chunk(event("a")));  // 4
    world.wait(9);
    world.answers(legs.up, chunk(event("b")));  // 5, 10 ms later
    world.answers(legs.down, head(kEvents) + chunk(event("a") + event("b")) + kEnd);  // 6
    world.told();
    EXPECT_TRUE(told_of(world, 3).empty()) << "it carried a head";
    EXPECT_TRUE(told_of(world, 99).empty());
    const std::string b =
        "  - Event 2 took 11.000 ms: sender at h9:8080: captured there 10.000 ms apart; "
        "application "
        "and kernel are one, since no write calls were recorded (consistent)";
    const std::string heading = "Where the time of its events went";
    EXPECT_EQ(told_of(world, 5), (std::vector<std::string>{heading, b}));
    // The request was at the server at 2 ms: 2 ms until frame 4, 11 in the proxy.
    EXPECT_EQ(told_of(world, 6),
              (std::vector<std::string>{heading,
                                        "  - Event 1 took 13.000 ms: 11.000 of 13.000 ms in the "
                                        "proxy at h5:80 (consistent)",
                                        b}));
}

TEST(DelayStory, IsNoneOfChunks) {
    World world;
    Joined legs(world);
    world.told();
    EXPECT_TRUE(told_of(world, 5).empty());
}

TEST(Percentiles, AreNearestRanks) {
    std::vector<std::int64_t> times;
    for (std::int64_t i = 100; i > 0; --i) times.push_back(i);
    const Percentiles found = percentiles(times);
    EXPECT_EQ(found.p50, 50);
    EXPECT_EQ(found.p90, 90);
    EXPECT_EQ(found.p99, 99);
    EXPECT_EQ(found.max, 100);
    std::vector<std::int64_t> one{7};
    EXPECT_EQ(percentiles(one).p50, 7);
    std::vector<std::int64_t> none;
    EXPECT_EQ(percentiles(none).count, 0U);
}

TEST(DelayVerdict, EventsThatCameAtOnceAreAboutTheFirst) {
    DelaySummary summary;
    EventDelay delay;
    delay.number = 1;
    delay.frames = {FrameNumber{4}};
    delay.shares = {{DelayLayer::kSender, 0, 1200 * kMs, true}};
    delay.total = 1200 * kMs;
    summary.add(delay);
    delay.number = 2;
    delay.gap = 0;
    delay.kept = true;
    delay.shares = {{DelayLayer::kSender, 0, 0}};
    delay.total = 0;
    summary.add(delay);
    const DelayVerdict verdict = summary.verdict();
    EXPECT_EQ(verdict.about, DelayVerdict::About::kTogether);
    EXPECT_EQ(verdict.share.layer, DelayLayer::kSender);
    EXPECT_EQ(verdict.of, 1200 * kMs);
    EXPECT_EQ(verdict.kept, 1U);
}

}  // namespace
}  // namespace seamark::delay_test
