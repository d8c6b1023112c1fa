// SPDX-License-Identifier: GPL-2.0-or-later
//
// `seamark get` as a process: when it stops asking, and when it stops waiting.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "net/tests/running_server.hpp"
#include "program.hpp"
#include "scripted_peer.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

TEST(GetRules, SendsNoRequestBehindALastResponse) {
    struct Case {
        const char *head, *why;
    };
    for (const Case& c : {
             Case{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
                  "Connection: close"},
             Case{"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nhi",
                  "Connection: close"},
             Case{"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                  "Connection: close"},
             Case{"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "Connection: close"},
             Case{"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.0 without"},
             Case{"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "2\r\nhi\r\n0\r\n\r\n",
                  "has Transfer-Encoding"},
             Case{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "another protocol"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there", "after the end"},
         }) {
        Peer peer(always(c.head));
        Program get({"get", "-o", "discard", "--requests", "3", peer.url()});
        const std::string errors = get.errors();
        EXPECT_EQ(get.exit_status(), 1) << errors;
        EXPECT_NE(errors.find("response 1 of 3"), std::string::npos) << errors;
        EXPECT_NE(errors.find(c.why), std::string::npos) << errors;
        EXPECT_NE(errors.find("2 more requests could not be sent"), std::string::npos) << errors;
        EXPECT_EQ(peer.requests(), 1) << c.head;

        Peer once(always(c.head));
        Program last({"get", "-o", "discard", once.url()});
        EXPECT_EQ(last.exit_status(), 0) << c.head << last.errors();
    }
}

TEST(GetRules, GoesOnWhereTheResponseLetsIt) {
    for (const char* head :
         {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
          "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: "
          "chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
          "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\n\r\nHTTP/1.1 200\r\nContent-Length: "
          "2\r\n\r\nhi",
          "HTTP/1.2 200\r\nContent-Length: 2\r\n\r\nhi"}) {
        Peer peer(always(head));
        Program get({"get", "--quiet", "--requests", "3", peer.url()});
        EXPECT_EQ(get.output(), "hihihi") << head;
        EXPECT_EQ(get.exit_status(), 0) << get.errors();
        EXPECT_EQ(peer.requests(), 3);
    }
}

void expect_timeout(const std::vector<std::string>& options, const Peer::Answer& answer,
                    const std::vector<std::string>& parts) {
    Peer peer(answer);
    std::vector<std::string> arguments{"get", "-o", "discard", peer.url()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto begin = std::chrono::steady_clock::now();
    Program get(arguments);
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
    for (const std::string& part : parts) EXPECT_NE(errors.find(part), std::string::npos) << errors;
}

TEST(GetRules, WaitsNoLongerThanItMay) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n";
    const Peer::Answer silent = [](int, int) { return true; };
    expect_timeout({"--timeout", "200ms"}, silent, {"no whole head", "200ms", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always(head),
                   {"after 0 bytes of the body", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always(head + "hello"),
                   {"after 5 bytes of the body", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always("HTTP/1.1 100 Continue\r\n\r\n"),
                   {"no whole head"});
    expect_timeout({"--timeout", "0", "--max-time", "300ms"}, silent, {"300ms", "--max-time"});

    const auto dripping = [](const std::string& first, const std::string& drop) {
        return [=](int, int socket) {
            bool open = send(socket, first);
            while (open) {
                std::this_thread::sleep_for(20ms);
                open = send(socket, drop);
            }
            return false;
        };
    };
    // A head that drips is late; a body that drips is a stream, which --max-time ends.
    expect_timeout({"--timeout", "500ms"}, dripping("HTTP/1.1 200 OK\r\n", "X"), {"no whole head"});
    expect_timeout({"--timeout", "500ms"}, dripping("", "HTTP/1.1 102 \r\n\r\n"), {"get: "});
    expect_timeout({"--timeout", "30s", "--max-time", "700ms"}, dripping(head, "x"),
                   {"bytes of the body", "700ms", "--max-time"});
    expect_timeout({"--timeout", "30s"}, dripping("", "HTTP/1.1 102 \r\n\r\n"),
                   {"100 1xx responses"});
}

TEST(GetRules, AStreamThatIsSlowerThanTheTimeoutInAllIsNoneToEnd) {
    RunningServer server;
    Program get(
        {"get", "--quiet", "--timeout", "2s",
         "http://127.0.0.1:" + std::to_string(server.port()) + "/emit?writes=12&size=4&gap=250ms"});
    EXPECT_EQ(get.output().size(), 48U);
    EXPECT_EQ(get.exit_status(), 0) << get.errors();
    // Nor does its own pace count.
    Program slow({"get", "--quiet", "--timeout", "2s", "--read-size", "20", "--pace", "200ms",
                  "http://127.0.0.1:" + std::to_string(server.port()) + "/emit?writes=1&gap=0"});
    EXPECT_EQ(slow.output().size(), 32U);
    EXPECT_EQ(slow.exit_status(), 0) << slow.errors();
}

TEST(GetRules, AConnectionThatDoesNotComeAboutIsGivenUp) {
    // A listener whose backlog is full lets further connections wait.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    std::vector<int> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        ::connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), size);
    }
    Program get({"get", "--timeout", "300ms",
                 "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"});
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 1);
    EXPECT_NE(errors.find("cannot connect to 127.0.0.1"), std::string::npos) << errors;
    EXPECT_NE(errors.find("within 300ms"), std::string::npos) << errors;
    for (const int socket : waiting) ::close(socket);
    ::close(listener);
}

}  // namespace
}  // namespace seamark::testing
