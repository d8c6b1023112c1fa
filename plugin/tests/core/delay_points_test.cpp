// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the time of chunks went between two points of capture, and what is said of their clocks.
// Times in microseconds. The long way, through tshark, is check_points.py.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/delay/delay_reader.hpp"
#include "core/report/delay_words.hpp"
#include "support/passed.hpp"

namespace seamark::delay_points_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";
const std::string kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
const std::string kChunk = "3\r\nabc\r\n";                                          // 8
const std::string kEnd = "0\r\n\r\n";

/// B's clock is 37 ms ahead. A packet takes 300 µs from A to B, and 100 back: the offset that can
/// be known is 37.1 ms, so that a packet that takes 400 seems to take 300.
struct TwoPoints : Passed {
    explicit TwoPoints(std::int64_t there = 300, std::int64_t back = 100,
                       std::int64_t ahead = 37'000) {
        open(kGet, kHead, there, back, ahead);
    }
    void chunk(std::uint32_t number, const std::vector<At>& all) {
        data(kServer, 47 + 8 * (number - 1), kChunk, all);
    }
    /// The only path, its leg with the points at which it was captured.
    std::vector<ExchangePath> paths() {
        points();
        connection.finish();
        names.add({kA}, 0, "eth0");
        names.add({kB}, 1, "eth1");
        entries = {{0, &connection, {"h1", 40000}, {"h9", 80}, &names}};
        const std::vector<const Connection*> all{&connection};
        return exchange_paths(all, nullptr);
    }
    InterfaceNames names;
    std::vector<CaptureEntry> entries;
};

/// "sender 7900, hop 300 | …": the shares of each chunk that took time, in µs; "none": no times.
std::string shares(DelayReader& reader, const ExchangePath& path) {
    std::string text;
    path.each_unit([&](const DelayUnit& unit) {
        const EventDelay* delay = reader.read(unit);
        std::string row;
        for (std::size_t i = 0; delay != nullptr && i < delay->shares.size(); ++i)
            if (delay->shares[i].ns > 0)
                row += (row.empty() ? "" : ", ") + std::string(to_string(delay->shares[i].layer)) +
                       " " + std::to_string(delay->shares[i].ns / 1000);
        text += (text.empty() ? "" : " | ") + (delay == nullptr ? "none" : row);
    });
    return text;
}

TEST(DelayPoints, AHopIsTheTimeBetweenThePointsWithoutTheOffsetOfTheirClocks) {
    TwoPoints made;
    made.chunk(1, {{kA, 10'000}, {kB, 47'400}});
    made.chunk(2, {{kA, 20'000}, {kB, 59'100}});
    const auto paths = made.paths();
    ASSERT_EQ(paths.size(), 1U);
    DelayReader reader(paths[0]);
    // The request was at A, which is where the server is, at 2,100 µs.
    EXPECT_EQ(shares(reader, paths[0]), "sender 7900, hop 300 | sender 10000, hop 2000");
    EXPECT_EQ(reader.missed(0), 0U);
}

TEST(DelayPoints, WhatWasLostBetweenThemWaitsOnTheWire) {
    TwoPoints made;
    made.chunk(1, {{kA, 10'000}, {kB, 47'400}});
    made.chunk(2, {{kA, 20'000}});  // lost behind A
    made.chunk(2, {{kA, 220'000}, {kB, 257'500}});
    const auto paths = made.paths();
    ASSERT_EQ(paths.size(), 1U);
    DelayReader reader(paths[0]);
    EXPECT_EQ(shares(reader, paths[0]),
              "sender 7900, hop 300 | sender 10000, wire 200000, hop 400");
}

TEST(DelayPoints, WhatPassedBothAndWasSentAgainArrivesWithTheLast) {
    TwoPoints made;
    made.chunk(1, {{kA, 10'000}, {kB, 47'400}});
    made.chunk(2, {{kA, 20'000}, {kB, 57'500}});
    made.chunk(2, {{kA, 80'000}, {kB, 117'500}});
    const auto paths = made.paths();
    ASSERT_EQ(paths.size(), 1U);
    DelayReader reader(paths[0]);
    EXPECT_EQ(shares(reader, paths[0]), "sender 7900, hop 300 | sender 10000, wire 60000, hop 400");
}

TEST(DelayPoints, AChunkThatOnePointMissedHasNoTimesAndIsCounted) {
    TwoPoints made;
    made.chunk(1, {{kA, 10'000}, {kB, 47'400}});
    made.chunk(2, {{kA, 20'000}});
    made.chunk(3, {{kA, 30'000}, {kB, 67'600}});
    const auto paths = made.paths();
    ASSERT_EQ(paths.size(), 1U);
    DelayReader reader(paths[0]);
    // Where the one before has no times there is no pause to give.
    EXPECT_EQ(shares(reader, paths[0]), "sender 7900, hop 300 | none | hop 500");
    EXPECT_EQ(reader.missed(0), 1U);
    const auto unseen = words::unseen(words::DelayPlaces(made.entries, paths[0]), reader);
    EXPECT_EQ(unseen, (std::vector<std::string>{
                          "application and kernel of the sender at h9:80 (no write calls recorded)",
                          "1 chunk not captured at each interface",
                          "receiver at h1:40000 (no read calls recorded)"}));
}

std::vector<std::string> clocks_of(TwoPoints& made) {
    made.chunk(1, {{kA, 10'000}, {kB, 60'000}});
    const auto paths = made.paths();
    return words::clocks(words::DelayPlaces(made.entries, paths.at(0)));
}

TEST(DelayPoints, SayHowFarTheirClocksAreApart) {
    // There 37.3 ms, back -36.9 ms: half the difference is 37.1, half the sum 0.2.
    TwoPoints ahead;
    EXPECT_EQ(clocks_of(ahead), std::vector<std::string>{
                                    "the clock of eth1 is 37.100 ms ahead of that of eth0, with an "
                                    "error of at most 0.201 ms; it is taken off"});
    // There -36.7 ms, back 37.1 ms.
    TwoPoints behind(300, 100, -37'000);
    EXPECT_EQ(clocks_of(behind), std::vector<std::string>{
                                     "the clock of eth1 is 36.900 ms behind that of eth0, with an "
                                     "error of at most 0.201 ms; it is taken off"});
    // There 0.9 ms, back 0.1 ms.
    TwoPoints same(900, 100, 0);
    EXPECT_EQ(clocks_of(same),
              std::vector<std::string>{
                  "the clocks of eth0 and eth1 may be one (no packet contradicts it): an estimate "
                  "of their offset is 0.400 ms, with an error of at most 0.501 ms; times are as "
                  "captured"});
}

TEST(DelayPoints, WithoutPacketsOfBothDirectionsAreNotCompared) {
    Passed one_way;
    one_way.syn(kClient, {{kA, 0}});
    one_way.syn(kServer, {{kA, 1'000}, {kB, 38'300}});
    one_way.data(kClient, 0, kGet, {{kA, 2'000}});
    one_way.data(kServer, 0, kHead, {{kA, 3'000}, {kB, 40'300}});
    one_way.data(kServer, 47, kChunk, {{kA, 10'000}, {kB, 47'400}});
    one_way.points();
    one_way.connection.finish();
    const std::vector<CaptureEntry> entries{{0, &one_way.connection, {"h1", 40000}, {"h9", 80}}};
    const std::vector<const Connection*> all{&one_way.connection};
    const auto paths = exchange_paths(all, nullptr);
    ASSERT_EQ(paths.size(), 1U);
    DelayReader reader(paths[0]);
    EXPECT_EQ(shares(reader, paths[0]), "sender 8000") << "what passed A alone counts";
    const words::DelayPlaces places(entries, paths[0]);
    EXPECT_EQ(words::clocks(places),
              std::vector<std::string>{
                  "nothing relates the clock of interface to that of interface: packets of both "
                  "directions have to be captured at both"});
    EXPECT_EQ(words::unseen(places, reader).at(1),
              "wire interface to interface from h9:80 (nothing relates their clocks)");
}

}  // namespace
}  // namespace seamark::delay_points_test
