// SPDX-License-Identifier: GPL-2.0-or-later
//
// Streams that are hostile by size. Each of these takes a fraction of a second; were any of the
// work quadratic it would take minutes, and the time limit of the test would say so. To see that it
// is linear, double them: SEAMARK_LIMITS_SCALE=2 (4, 8 …) in the environment, and compare the
// times. With sanitizers, an eighth is as many.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/report/chunk_table.hpp"
#include "core/stream/overlay.hpp"
#include "support/feeder.hpp"
#include "support/model.hpp"
#include "support/position.hpp"

namespace seamark::limits_test {
namespace {

using namespace test;

const std::string kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::size_t scaled(std::size_t n) {
    const char* text = std::getenv("SEAMARK_LIMITS_SCALE");
    return text != nullptr ? static_cast<std::size_t>(static_cast<double>(n) * std::atof(text)) : n;
}

void send_in(Feeder& feeder, Side side, std::string_view bytes, std::size_t segment) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(segment, bytes.size())))
        feeder.send(side, bytes.substr(0, segment));
}

TEST(Limits, AMillionChunksOfOneByte) {
    const std::size_t count = scaled(1'000'000);
    Feeder feeder;
    std::string body = kHead;
    for (std::size_t i = 0; i < count; ++i) body += "1\r\nx\r\n";
    send_in(feeder, kServer, body + "0\r\n\r\n", 1448);
    feeder.finish();
    const auto framer = feeder.stream(kServer).messages();
    ASSERT_EQ(framer.chunks().size(), count + 1);
    EXPECT_TRUE(framer.chunks().back().ended);
    std::size_t rows = 0;
    write_chunk_json(
        {{0, &feeder.connection(), {}, {}}}, nullptr, {}, [&](std::string_view) { ++rows; },
        [](std::string_view) {});
    EXPECT_EQ(rows, count + 1);
    EXPECT_EQ(broken_invariant(feeder.stream(kServer)), "");
}

TEST(Limits, OneChunkInAMillionSegments) {
    const std::size_t count = scaled(1'000'000);
    Feeder feeder;
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", count);
    feeder.server(kHead + size);
    for (std::size_t i = 0; i < count; ++i) feeder.server("x");
    feeder.server("\r\n0\r\n\r\n");
    feeder.finish();
    std::size_t rows = 0;
    write_chunk_json(
        {{0, &feeder.connection(), {}, {}}}, nullptr, {}, [&](std::string_view) { ++rows; },
        [](std::string_view) {});
    EXPECT_EQ(rows, 2u);
    EXPECT_TRUE(
        Overlay(feeder.stream(kServer)).complete(feeder.stream(kServer).messages().chunks()[0]));
}

TEST(Limits, ManyPipelinedRequestsAndTheirAnswers) {
    const std::size_t count = scaled(10'000);
    Feeder feeder;
    std::string requests;
    std::string responses;
    for (std::size_t i = 0; i < count; ++i) {
        requests += i % 2 == 0 ? "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n";
        responses += i % 2 == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                                : kHead + "5\r\nhello\r\n0\r\n\r\n";
    }
    send_in(feeder, kClient, requests, 1448);
    send_in(feeder, kServer, responses, 1448);
    feeder.finish();
    EXPECT_EQ(feeder.stream(kClient).messages().size(), count);
    ASSERT_EQ(feeder.stream(kServer).messages().size(), count);
    EXPECT_EQ(feeder.connection().exchange(kServer, static_cast<std::uint32_t>(count - 1)), count);
}

TEST(Limits, ASizeLineOfAMegabyteIsRefused) {
    for (const char fill : {'0', ' ', ';'}) {
        Feeder feeder;
        feeder.server(kHead);
        send_in(feeder, kServer, "5" + std::string(scaled(1 << 20), fill) + "\r\nhello\r\n", 1);
        feeder.finish();
        const auto& message = feeder.stream(kServer).messages()[0];
        EXPECT_TRUE(
            message.faults.has(fill == '0' ? Fault::kSizeOverflow : Fault::kSizeLineTooLong));
    }
}

TEST(Limits, AHeadOfAMegabyte) {
    const std::size_t size = scaled(1 << 20);
    std::string fields;
    while (fields.size() < size) fields += "Transfer-Encoding: gzip\r\nA: b\r\n";
    const std::string heads[] = {
        "A: " + std::string(size, 'x') + "\r\n",
        fields,
        "A: b\r\n" + std::string(size, ' ') + "\r\n",
        std::string(size, 'x') + "\r\n",
    };
    for (const std::string& head : heads) {
        Feeder feeder;
        send_in(feeder, kServer,
                "HTTP/1.1 200 OK\r\n" + head +
                    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                1);
        feeder.finish();
        ASSERT_EQ(feeder.stream(kServer).messages().size(), 1u);
        EXPECT_EQ(feeder.stream(kServer).messages().chunks().size(), 2u);
    }
}

TEST(Limits, ATrailerSectionOfAMegabyte) {
    Feeder feeder;
    send_in(feeder, kServer, kHead + "0\r\nA: " + std::string(scaled(1 << 20), 'x') + "\r\n\r\n",
            1);
    feeder.finish();
    EXPECT_TRUE(feeder.stream(kServer).messages()[0].ended);
}

/// Every byte begins a segment, and so may begin a start line.
TEST(Limits, StartLinesThatComeToNothingInOneByteSegments) {
    const std::size_t size = scaled(1 << 18);
    const std::string line(65'000, 'x');
    const std::string patterns[] = {
        "a",
        "GET /",
        "GET ",
        "GET /" + line + " HTTP/1.1\r\r",
        "GET /" + line + " \x01",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa " + line + " b",
        "HTTP/1.1 200 ",
        "\r\n",
        "\n\r",
    };
    for (const std::string& pattern : patterns) {
        SCOPED_TRACE(pattern.substr(0, 40));
        std::string bytes = "\x01";
        while (bytes.size() < size) bytes += pattern;
        bytes += "\x01\nGET / HTTP/1.1\r\n\r\n";
        Feeder feeder;
        send_in(feeder, kClient, bytes, 1);
        feeder.finish();
        EXPECT_FALSE(feeder.stream(kClient).messages().empty());
    }
}

TEST(Limits, HalfOfTheSegmentsAreLost) {
    const std::size_t count = scaled(200'000);
    std::string stream;
    while (stream.size() < 100 * count)
        stream += kHead + "64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n";
    for (const std::uint64_t limit : {WaitingBudget{}.each, ~std::uint64_t{0}}) {
        Feeder::Options options;
        options.waiting_limit = limit;
        Feeder feeder(options);
        std::mt19937 random(1);
        for (std::size_t at = 0; at < stream.size(); at += 100)
            if (random() % 2 == 0) feeder.at(kServer, at, std::string_view(stream).substr(at, 100));
        feeder.finish();
        EXPECT_GT(feeder.stream(kServer).messages().size(), count / 100);
        EXPECT_EQ(broken_invariant(feeder.stream(kServer)), "");
    }
}

TEST(Limits, SegmentsInReverseOrder) {
    const std::size_t count = scaled(100'000);
    Feeder::Options options;
    options.waiting_limit = 20 * count;
    Feeder feeder(options);
    std::string stream = kHead;
    while (stream.size() < 10 * count) stream += "5\r\nhello\r\n";
    stream += "0\r\n\r\n";
    for (std::size_t at = stream.size() / 10 * 10 + 10; at >= 10; at -= 10)
        feeder.at(kServer, at - 10, std::string_view(stream).substr(at - 10, 10));
    feeder.finish();
    EXPECT_TRUE(feeder.stream(kServer).messages()[0].ended);
    EXPECT_EQ(broken_invariant(feeder.stream(kServer)), "");
}

TEST(Limits, AMillionSegmentsOfOneByteWaitBehindAHole) {
    const std::size_t count = scaled(1'000'000);
    Feeder::Options options;
    options.waiting_limit = 2 * count;
    Feeder feeder(options);
    feeder.at(kServer, 0, kHead);
    std::string body;
    while (body.size() < count) body += "1\r\nx\r\n";
    for (std::size_t at = 1; at < body.size(); ++at)
        feeder.at(kServer, kHead.size() + at, std::string_view(body).substr(at, 1));
    EXPECT_TRUE(feeder.stream(kServer).messages().chunks().empty());
    feeder.at(kServer, kHead.size(), "1");
    EXPECT_EQ(feeder.stream(kServer).messages().chunks().size(), body.size() / 6);
}

TEST(Limits, AnEarlierSegmentAgainAndAgain) {
    Feeder::Options options;
    options.syn = false;
    Feeder feeder(options);
    const std::size_t count = scaled(200'000);
    for (std::size_t at = count; at > 0; --at) feeder.at(kServer, at, "x");
    feeder.finish();
    EXPECT_EQ(feeder.stream(kServer).lane().runs().count(kEverything), count);
}

}  // namespace
}  // namespace seamark::limits_test
