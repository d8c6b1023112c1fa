// SPDX-License-Identifier: GPL-2.0-or-later
//
// What becomes of connections when the server stops.
#include <gtest/gtest.h>

#include <system_error>
#include <thread>

#include "http_client.hpp"
#include "net/tests/running_server.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

TEST(Stop, WithNothingToDoIsAtOnce) {
    RunningServer server;
    server.stop();
    EXPECT_TRUE(server.ended());
}

TEST(Stop, ClosesIdleConnections) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=1");
    client.response();
    server.stop();
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(server.ended());
}

TEST(Stop, LetsAResponseEndWithinTheTimeOfGrace) {
    RunningServer server({.grace = 5s});
    HttpClient client(server.port());
    client.get("/emit?writes=10&gap=20ms");
    client.unread(300);
    server.stop();
    const Response response = client.response();
    EXPECT_EQ(response.data.size(), 320U);
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(server.ended());
    EXPECT_NE(server.log_line({"200 chunked: 12 writes"}), "");
    EXPECT_THROW(HttpClient{server.port()}, std::runtime_error) << "accepts still";
}

TEST(Stop, CutsAResponseThatTakesLongerAndSaysHowFarItGot) {
    RunningServer server({.grace = 100ms});
    HttpClient client(server.port());
    client.get("/emit?writes=1000&gap=20ms&framing=close");
    client.unread(300);
    server.stop();
    EXPECT_TRUE(server.ended());
    const std::string line = server.log_line({"cut after", "data writes"});
    EXPECT_NE(line.find("of 1000 data writes: the server was stopped"), std::string::npos) << line;
    // Without the reset, the client would take what it has for the whole.
    EXPECT_THROW(client.response(), std::runtime_error);
}

TEST(Stop, CutsAResponseThatWaitsForItsReader) {
    RunningServer server({.grace = 100ms});
    HttpClient client(server.port(), 4096);
    client.get("/emit?writes=10&gap=0&size=4000000");
    std::this_thread::sleep_for(100ms);
    server.stop();
    EXPECT_TRUE(server.ended());
    EXPECT_NE(server.log_line({"cut after", "of 10 data writes"}), "");
}

TEST(Stop, CutsAResponseThatNeverPauses) {
    RunningServer server({.grace = 50ms});
    HttpClient client(server.port());
    client.get("/emit?writes=10000000&gap=0&size=1");
    std::thread reader([&] {
        try {
            client.response();
            ADD_FAILURE() << "was not cut";
        } catch (const std::runtime_error&) {
        }
    });
    std::this_thread::sleep_for(50ms);
    server.stop();
    EXPECT_TRUE(server.ended());
    reader.join();
}

// To cancel a wait that is over, but whose handler has not run, does nothing. A stop that comes
// just then must hold all the same.

TEST(Stop, IsNotLostOnATimerThatHasJustExpired) {
    RunningServer server({.idle = 40ms});
    server.behind_a_stall([](net::Server& s) { s.stop([] {}); });
    EXPECT_TRUE(server.ended());
}

TEST(Stop, IsNotLostOnARequestThatHasJustBegunToCome) {
    RunningServer server({.grace = 60s});
    HttpClient client(server.port());
    client.get("/emit?writes=1");
    client.response();
    server.behind_a_stall([](net::Server& s) { s.stop([] {}); });
    client.send("GET /em");
    EXPECT_TRUE(server.ended());
}

TEST(Stop, IsNotLostOnAReaderThatHasJustMadeRoom) {
    RunningServer server({.grace = 60s});
    HttpClient client(server.port());
    client.get("/emit?writes=10&gap=0&size=10000000");
    client.unread(1000);
    std::this_thread::sleep_for(200ms);  // until all buffers are full
    server.behind_a_stall([](net::Server& s) {
        s.stop([] {});
        s.cut("second signal");
    });
    try {
        client.unread(2'000'000);  // all of it has come already
    } catch (const std::system_error& error) {  // the cut overtakes a slow machine's reads
        EXPECT_EQ(error.code(), std::errc::connection_reset) << error.what();
    }
    EXPECT_TRUE(server.ended());
    EXPECT_NE(server.log_line({"cut after", "second signal"}), "");
}

}  // namespace
}  // namespace seamark::testing
