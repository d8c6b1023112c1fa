// SPDX-License-Identifier: GPL-2.0-or-later
//
// No request takes what others need: time of the event loop, memory, or either for a client that
// left.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <deque>
#include <memory>
#include <thread>

#include "http_client.hpp"
#include "net/server/memory_budget.hpp"
#include "net/tests/running_server.hpp"
#include "program.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

/// Some seconds of compressing before the head can be written.
constexpr const char* slow_length = "/emit?writes=1000000&size=16&gap=0&framing=length&coding=gzip";

std::string post(const std::string& plan, const std::string& target = "/emit") {
    return "POST " + target +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(plan.size()) +
           "\r\n\r\n" + plan;
}

TEST(MemoryBudget, IsGivenBackAndNeverForSmallResponses) {
    net::MemoryBudget budget(1'000'000);
    auto first = budget.take(600'000);
    ASSERT_TRUE(first);
    EXPECT_FALSE(budget.take(400'001));
    EXPECT_TRUE(budget.take(net::MemoryBudget::uncounted));
    {
        net::MemoryBudget::Share moved = *std::move(first);
        first = net::MemoryBudget::Share();
        EXPECT_FALSE(budget.take(400'001));
    }
    EXPECT_TRUE(budget.take(1'000'000));
}

TEST(Bounds, AnHonestClientIsAnsweredWhileOthersCompress) {
    RunningServer server;
    std::deque<HttpClient> greedy;
    for (int i = 0; i < 20; ++i) greedy.emplace_back(server.port()).get(slow_length);
    for (int i = 0; i < 20; ++i) {
        greedy.emplace_back(server.port()).get("/emit?writes=1000&size=16777216&gap=0&coding=gzip");
    }
    for (int i = 0; i < 5; ++i) {
        HttpClient honest(server.port());
        honest.get("/emit?writes=2&gap=0");
        EXPECT_EQ(honest.response().status, 200);  // within 10 s, not minutes
    }
    for (HttpClient& client : greedy) client.reset();
}

TEST(Bounds, ABodyThatIsCompressedBeforehandIsWhatItsLengthSays) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=3000&size=300&gap=0&framing=length&coding=gzip");
    const Response response = client.response();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.field("Content-Length"), std::to_string(response.data.size()));
    client.get("/emit?writes=3000&size=300&gap=0&framing=chunked&coding=gzip");
    EXPECT_EQ(client.response().data, response.data) << "the same stream, made in other turns";
}

TEST(Bounds, TooManyPartsToCompressBeforehandAreRefused) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=10000000&size=1&gap=0&framing=length&coding=gzip");
    const Response refused = client.response();
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.data.find("up to 1000000 writes"), std::string::npos) << refused.data;
}

TEST(Bounds, HeadDoesNotCompressAndTellsTheSameButForTheLength) {
    RunningServer server;
    HttpClient client(server.port());
    for (int i = 0; i < 200; ++i) {  // each would take a second and more
        client.send(std::string("HEAD ") + slow_length + " HTTP/1.1\r\nHost: test\r\n\r\n");
        const Response head = client.response(true);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.field("Content-Encoding"), "gzip");
        EXPECT_EQ(head.field("Content-Length"), "");
        EXPECT_EQ(head.field("Transfer-Encoding"), "");
    }
    client.send("HEAD /emit?framing=length HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.response(true).field("Content-Length"), "640");
}

TEST(Bounds, WorkEndsWithItsClient) {
    RunningServer server;
    HttpClient resetting(server.port());
    resetting.get(slow_length);
    std::this_thread::sleep_for(50ms);
    resetting.reset();
    EXPECT_NE(server.log_line({"coding=gzip: ended by the peer at write 1", "after 0 writes"}), "");
    { HttpClient(server.port()).get(slow_length); }
    EXPECT_NE(server.log_line({"ended by the peer", "it has closed its half"}), "");
}

TEST(Bounds, AClientThatPipelinesIsNotTakenForGone) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=20000&size=100&gap=0&framing=length&coding=gzip");
    client.get("/emit?writes=1&gap=0");
    EXPECT_EQ(client.response().status, 200);
    EXPECT_EQ(client.response().status, 200);
}

TEST(Bounds, AWaitOfAPlanEndsWithItsClient) {
    RunningServer server({.idle = 500ms});
    const std::string plan = post("write 1; wait 3600s; write 1");
    HttpClient resetting(server.port());
    resetting.send(plan);
    resetting.unread(200);
    resetting.reset();
    EXPECT_NE(server.log_line({"POST /emit", "Connection reset by peer"}), "");
    {
        HttpClient closing(server.port());
        closing.send(plan);
        // All of it: to close with bytes unread would be a reset.
        for (std::size_t n = 1; closing.unread(n).find(";w=2\r\n1\r\n") == std::string::npos;) ++n;
    }
    EXPECT_NE(server.log_line({"POST /emit", "ended by the peer", "it has closed its half"}), "");
    HttpClient staying(server.port());
    staying.send(post("write 1; wait 1500ms; write 1"));  // no reader is waited for meanwhile
    EXPECT_EQ(staying.response().status, 200);
}

TEST(Bounds, WhatHasNoRoomIsTold503AndWhenToAskAgain) {
    RunningServer server({.max_memory = 40UL * 1024 * 1024});
    std::deque<HttpClient> clients;
    int whole = 0;
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
        HttpClient& client = clients.emplace_back(server.port(), 4096);
        client.send(post("write 16777216"));
        const std::string head = client.unread(100);
        if (head.starts_with("HTTP/1.1 200 ")) ++whole;
        if (!head.starts_with("HTTP/1.1 503 ")) continue;
        ++refused;
        const Response response = client.response();
        EXPECT_NE(response.field("Retry-After"), "");
        EXPECT_NE(response.data.find("--max-memory"), std::string::npos) << response.data;
        client.get("/emit?writes=1&gap=0");  // the connection goes on, and small responses do
        EXPECT_EQ(client.response().status, 200);
    }
    EXPECT_EQ(whole, 2);
    EXPECT_EQ(refused, 8);
    for (HttpClient& client : clients) client.reset();
    HttpClient later(server.port());
    for (int i = 0; i < 100; ++i) {
        later.send(post("write 16777216"));
        if (later.response().status == 200) return;
        std::this_thread::sleep_for(50ms);
    }
    FAIL() << "what they had is not given back";
}

TEST(Bounds, ACrowdIsToldWhenToAskAgain) {
    RunningServer server({.max_connections = 1});
    HttpClient first(server.port());
    first.get("/emit?writes=1&gap=0");
    first.response();
    HttpClient second(server.port());
    const Response refused = second.response();
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.field("Retry-After"), "");
}

TEST(Bounds, MillionsOfStatementsWithoutAWriteHoldNobodyUp) {
    RunningServer server;
    std::deque<HttpClient> clients;
    const std::string silent =
        post("repeat 1000000 { more on; more off; wait 1us; more on }; write 1");
    const std::string far = post(
        "write line 4000000; repeat 1000000 { write data 1; write data 1; write data 2 }; write "
        "crlf");
    for (int i = 0; i < 20; ++i) {
        clients.emplace_back(server.port()).send(silent);
        clients.emplace_back(server.port()).send(far);
    }
    HttpClient honest(server.port());
    for (int i = 0; i < 20; ++i) {
        honest.get("/emit?writes=2&gap=0");
        EXPECT_EQ(honest.response().status, 200);
    }
    for (HttpClient& client : clients) {
        EXPECT_TRUE(client.unread(12).starts_with("HTTP/1.1 200"));
        client.reset();
    }
}

TEST(Bounds, AReportThatIsForgottenTakesNoMore) {
    RunningServer server;
    HttpClient client(server.port());
    client.get("/emit?writes=100000&size=1&gap=0&report=a");
    client.unread(1000);
    HttpClient other(server.port());
    for (int i = 0; i < 16; ++i) {
        other.get("/emit?writes=1&gap=0&report=n" + std::to_string(i));
        other.response();
    }
    EXPECT_EQ(client.response().status, 200);
    other.get("/report?id=a");
    EXPECT_EQ(other.response().status, 404);
}

TEST(Bounds, ATooLongBodyIsNeitherKeptNorTakenForAPlan) {
    RunningServer server;
    HttpClient client(server.port());
    client.send(post("write 5 #" + std::string(1'000'000, 'x')));
    const Response refused = client.response();
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.data.find("at most 65536 bytes"), std::string::npos) << refused.data;
    client.send(post("write 5 #" + std::string(65'536 - 9, 'x')));
    EXPECT_EQ(client.response().status, 200);
}

TEST(Bounds, SigtermEndsTheProgramInTheMiddleOfCompressing) {
    Program program({"serve", "--port", "0", "--quiet", "--grace", "100ms"});
    const std::uint16_t port = port_of(program.output_line());
    std::deque<HttpClient> greedy;
    for (int i = 0; i < 20; ++i) greedy.emplace_back(port).get(slow_length);
    std::this_thread::sleep_for(100ms);
    const auto begun = std::chrono::steady_clock::now();
    program.signal(SIGTERM);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);  // all of it would take a minute
    EXPECT_NE(program.errors().find("cut after 0 writes"), std::string::npos);
}

}  // namespace
}  // namespace seamark::testing
