// SPDX-License-Identifier: GPL-2.0-or-later
//
// Peers that reset, read slowly, or not at all.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "http_client.hpp"
#include "net/tests/running_server.hpp"
#include "plan/payload.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

TEST(TroubledPeer, AResetInMidChunkIsLoggedAndTheServerGoesOn) {
    RunningServer server;
    {
        HttpClient client(server.port());
        client.get("/emit?writes=100&size=40&gap=5ms");
        client.unread(300);  // the head, and part of a chunk
        client.reset();
        const std::string line = server.log_line({"ended by the peer at write"});
        EXPECT_NE(line.find("127.0.0.1:" + std::to_string(client.port())), std::string::npos)
            << line;
        EXPECT_NE(line.find("of 100 data writes: "), std::string::npos) << line;
        EXPECT_TRUE(line.find("Connection reset by peer") != std::string::npos ||
                    line.find("Broken pipe") != std::string::npos)
            << line;
        const auto calls = server.calls(client.port(), 0);
        ASSERT_FALSE(calls.empty());
        EXPECT_EQ(calls.back().index, 0U);
        EXPECT_EQ(calls.back().returned, -1);
        EXPECT_NE(line.find("at write " + std::to_string(calls.size()) + ','), std::string::npos)
            << line;
    }
    HttpClient next(server.port());
    next.get("/emit?writes=1");
    EXPECT_EQ(next.response().status, 200);
}

TEST(TroubledPeer, ASlowReaderMakesShortWritesAndLosesNothing) {
    constexpr int writes = 3;
    constexpr std::uint64_t size = 3'000'000;
    RunningServer server;
    HttpClient client(server.port(), 4096);
    client.get("/emit?gap=0&writes=" + std::to_string(writes) + "&size=" + std::to_string(size));
    std::this_thread::sleep_for(100ms);  // until the server's buffer is full
    const Response response = client.response();

    std::string data;
    for (int i = 1; i <= writes; ++i) {
        std::string piece(size, '!');
        plan::put_payload(piece.data(), std::to_string(i), size, 0, size);
        data += piece;
    }
    EXPECT_TRUE(response.data == data) << "the bytes are not intact";

    std::size_t full = 0;
    std::size_t shorts = 0;
    std::uint64_t index = 0;
    std::vector<std::size_t> ends{0};  // of each write
    for (const auto& call : server.calls(client.port(), response.end)) {
        if (call.returned <= 0) {
            ++full;
            EXPECT_EQ(call.error, EAGAIN);
            EXPECT_EQ(call.index, 0U) << "a call that took nothing has no index";
            continue;
        }
        EXPECT_EQ(call.index, ++index);
        if (static_cast<std::size_t>(call.returned) < call.requested) ++shorts;
        ends.push_back(ends.back() + static_cast<std::size_t>(call.returned));
    }
    EXPECT_GT(full, 0U) << "no EAGAIN: the test did not test it";
    EXPECT_GT(shorts, 0U) << "no short write: the test did not test it";
    EXPECT_EQ(ends.back(), response.end);

    // A chunk that was cut by a short write says what was planned; each is right where it begins.
    for (const auto& chunk : response.chunked.chunks) {
        const auto tag = read_tag(chunk.extension);
        ASSERT_TRUE(tag);
        ASSERT_LT(tag->first, ends.size());
        EXPECT_EQ(ends[tag->first - 1], response.begin + chunk.begin) << chunk.extension;
    }
    const std::string line = server.log_line({"was short"});
    EXPECT_NE(line.find("short writes in this response: " + std::to_string(shorts)),
              std::string::npos)
        << line;
    EXPECT_NE(server.log_line({": " + std::to_string(index) + " writes (1-"}), "");
}

TEST(TroubledPeer, AReaderThatStopsForGoodIsCut) {
    RunningServer server({.idle = 300ms});
    HttpClient client(server.port(), 4096);
    client.get("/emit?gap=0&writes=10&size=4000000");
    const std::string line = server.log_line({"cut after", "read nothing"});
    EXPECT_NE(line.find("of 10 data writes"), std::string::npos) << line;
    EXPECT_THROW({ client.response(); }, std::runtime_error);
}

TEST(TroubledPeer, ALongGapIsNotThePeersFault) {
    RunningServer server({.idle = 300ms});
    HttpClient client(server.port());
    client.get("/emit?gap=500ms&writes=1");
    EXPECT_EQ(client.response().status, 200);
}

TEST(TroubledPeer, AnIdleConnectionIsClosed) {
    RunningServer server({.idle = 300ms});
    HttpClient fresh(server.port());
    EXPECT_TRUE(fresh.closed());
    HttpClient used(server.port());
    used.get("/emit?writes=1");
    used.response();
    EXPECT_TRUE(used.closed());
}

TEST(TroubledPeer, ARequestThatDoesNotEndIsToldSo) {
    RunningServer server({.idle = 300ms});
    HttpClient client(server.port());
    client.send("GET /emit HTTP/1.1\r\nHost: te");
    EXPECT_EQ(client.response().status, 408);
    EXPECT_TRUE(client.closed());
}

TEST(TroubledPeer, ABusyResponseLeavesRoomForOthers) {
    RunningServer server;
    HttpClient busy(server.port());
    busy.get("/emit?gap=0&writes=3000000&size=1");
    busy.unread(1000);
    std::atomic<bool> over = false;
    std::thread reader([&] {
        while (!over) busy.unread(busy.unread(0).size() + 1'000'000);
    });
    HttpClient other(server.port());
    other.get("/emit?gap=0&writes=1");
    EXPECT_EQ(other.response().status, 200);
    EXPECT_LT(server.calls(busy.port(), 0).size(), 3'000'000U) << "the other was over already";
    over = true;
    reader.join();
}

}  // namespace
}  // namespace seamark::testing
