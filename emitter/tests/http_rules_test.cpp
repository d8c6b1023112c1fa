// SPDX-License-Identifier: GPL-2.0-or-later
//
// Requests that a peer could read in another way: one answer, then the connection closes, and what
// follows them is not answered. Over loopback.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <regex>

#include "http_client.hpp"
#include "net/tests/running_server.hpp"
#include "program.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n";

/// Sends a request and another one behind it, in one piece or byte by byte.
void expect_one_answer(std::uint16_t port, const std::string& request, int status) {
    for (const bool bytewise : {false, true}) {
        HttpClient client(port);
        const std::string all = request + smuggled;
        try {
            for (std::size_t at = 0; at < all.size(); at += bytewise ? 1 : all.size()) {
                client.send(std::string_view(all).substr(at, bytewise ? 1 : all.size()));
            }
        } catch (const std::runtime_error&) {
            // It has closed already.
        }
        const Response response = client.response(request.starts_with("HEAD "));
        EXPECT_EQ(response.status, status) << request;
        EXPECT_EQ(response.field("Connection"), "close") << request;
        EXPECT_TRUE(client.closed()) << "a second answer to " << request;
    }
}

TEST(HttpRules, ARequestWhoseEndIsNotKnownIsRefusedAndNothingBehindItAnswered) {
    RunningServer server;
    const std::string post = "POST /emit HTTP/1.1\r\nHost: test\r\n";
    const std::string chunks = "\r\n0\r\n\r\n";
    for (const char* coding : {"gzip", "xchunked", "identity", "chunked, gzip", "chunked, chunked",
                               "chunked;foo", "", "chunked x", "\"chunked\""}) {
        const std::string field = "Transfer-Encoding: " + std::string(coding) + "\r\n";
        expect_one_answer(server.port(), post + field + chunks, 400);
        expect_one_answer(server.port(), "GET / HTTP/1.1\r\nHost: test\r\n" + field + "\r\n", 400);
        expect_one_answer(server.port(), "HEAD / HTTP/1.1\r\nHost: test\r\n" + field + "\r\n", 400);
    }
    expect_one_answer(server.port(), post + "Transfer-Encoding: gzip, chunked\r\n" + chunks, 501);
    expect_one_answer(server.port(),
                      post + "Transfer-Encoding: gzip\r\ntransfer-encoding: Chunked\r\n" + chunks,
                      501);
    expect_one_answer(server.port(),
                      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n" + chunks,
                      400);
    expect_one_answer(server.port(),
                      "POST /emit HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"
                      "Connection: keep-alive\r\n" +
                          chunks,
                      400);
    for (const char* lines :
         {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length: 0\r\nTransfer-Encoding: gzip\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5, 6\r\n",
          "Content-Length: +5\r\n", "Content-Length: 5x\r\n", "Content-Length:\r\n",
          "Content-Length: 18446744073709551616\r\n", "Transfer-Encoding : chunked\r\n",
          "Content-Length\t: 5\r\n", "X: a\r\n Transfer-Encoding: chunked\r\n"}) {
        expect_one_answer(server.port(), post + lines + chunks, 400);
    }
}

TEST(HttpRules, AnUnknownEndIsToldBeforeALengthAboveTheLimit) {
    RunningServer server;
    const std::string length = "Content-Length: 99999999\r\n";
    for (const char* coding : {"IDENTITY", "gzip", "chunked, gzip", "xchunked", ""}) {
        const std::string field = "Transfer-Encoding: " + std::string(coding) + "\r\n";
        for (const std::string& lines : {field + length, length + field}) {
            for (const char* method : {"POST /emit", "GET /", "HEAD /"}) {
                expect_one_answer(server.port(),
                                  method + (" HTTP/1.1\r\nHost: test\r\n" + lines) + "\r\n", 400);
            }
        }
    }
    const std::string post = "POST /emit HTTP/1.1\r\nHost: test\r\n";
    expect_one_answer(server.port(), post + length + "\r\n", 413);
    expect_one_answer(server.port(), post + length + "Expect: 100-continue\r\n\r\n", 413);
    expect_one_answer(server.port(), post + "Content-Length: 1048577\r\n\r\n", 413);
    expect_one_answer(server.port(), post + length + "Content-Length: 5\r\n\r\n", 400);
}

TEST(HttpRules, AChunkedBodyThatIsNoneIsRefused) {
    RunningServer server;
    const std::string post =
        "POST /emit HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char* body :
         {"x\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "-1\r\n", "+5\r\nhello\r\n0\r\n\r\n",
          " 5\r\nhello\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n",
          "ffffffffffffffff1\r\n", "5\r\nhello\n0\r\n\r\n", "0\r\nX : y\r\n\r\n"}) {
        expect_one_answer(server.port(), post + body, 400);
    }
    expect_one_answer(server.port(), post + "ffffffff\r\n", 413);
}

/// RFC 9110 section 6.5.1: they are not merged with the head. Beast refuses them (to 1.8x), or
/// drops them; the body ends where its last chunk has it in any case.
TEST(HttpRules, AFramingFieldAmongTrailersMovesNoEnd) {
    RunningServer server;
    const std::string post =
        "POST /emit HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "7\r\nwrite 5\r\n0\r\n";
    for (const char* trailer :
         {"Content-Length: 5\r\n", "Content-Length: 60\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: chunked\r\n", "Connection: keep-alive\r\n"}) {
        HttpClient client(server.port());
        client.send(post + trailer + "\r\n" + smuggled);
        const Response first = client.response();
        if (first.status == 400) {
            EXPECT_TRUE(client.closed()) << "a second answer after " << trailer;
            continue;
        }
        EXPECT_EQ(first.status, 200) << trailer;
        EXPECT_EQ(client.response().status, 404) << trailer;
    }
}

TEST(HttpRules, LinesEndInCrlfAlone) {
    RunningServer server;
    for (const std::string& text :
         {std::string("GET / HTTP/1.1\nHost: test\n\n"),
          std::string("GET / HTTP/1.1\r\nHost: test\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: test\r\nX: y\n\r\n"),
          std::string("\nGET / HTTP/1.1\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: test\r\nX: a\rContent-Length: 5\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: test\r\nX: a\0b\r\n\r\n", 38),
          std::string("GET / HTTP/1.1\r\nHost: test\r\nX: a\r\n b\r\n\r\n")}) {
        expect_one_answer(server.port(), text, 400);
    }
}

TEST(HttpRules, TheVersionIsReadAsTheRfcHasIt) {
    RunningServer server;
    const std::string host = "\r\nHost: test\r\n\r\n";
    for (const char* version : {"HTTP/1.1", "HTTP/1.2", "HTTP/1.9"}) {
        HttpClient client(server.port());
        client.send("GET /emit?writes=1&gap=0 " + std::string(version) + host + "GET / HTTP/1.1" +
                    host);
        const Response first = client.response();
        EXPECT_EQ(first.status, 200) << version;
        EXPECT_TRUE(first.head.starts_with("HTTP/1.1 ")) << version;
        EXPECT_EQ(first.field("Transfer-Encoding"), "chunked") << version;
        EXPECT_EQ(client.response().status, 200) << "the connection did not stay";
    }
    for (const char* line :
         {"GET / HTTP/2.0", "PRI * HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/3.0"}) {
        expect_one_answer(server.port(), line + host, 505);
    }
    for (const char* line : {"GET / http/1.1", "GET /", "GET / HTTP/1.10", "GET / HTTP/11",
                             "GET /a b HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 "}) {
        expect_one_answer(server.port(), line + host, 400);
    }
}

TEST(HttpRules, EmptyLinesBeforeARequestAreSkipped) {
    RunningServer server;
    HttpClient client(server.port());
    for (const char* empty : {"\r\n", "\r\n\r\n", ""}) {
        client.send(empty + std::string("GET /emit?writes=1&gap=0 HTTP/1.1\r\nHost: test\r\n\r\n"));
        EXPECT_EQ(client.response().status, 200);
    }
    // As clients of old send them after a body.
    client.send(
        "POST /emit HTTP/1.1\r\nHost: test\r\nContent-Length: 7\r\n\r\nwrite 5\r\n"
        "GET / HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.response().data.size(), 5U);
    EXPECT_EQ(client.response().status, 200);
}

TEST(HttpRules, NothingButEmptyLinesIsNoRequest) {
    RunningServer server({.idle = 300ms});
    HttpClient client(server.port());
    client.send("\r\n\r\n");
    EXPECT_TRUE(client.closed()) << "an answer to no request";
}

TEST(HttpRules, HostIsOneAndValid) {
    RunningServer server;
    for (const char* fields : {"", "Host: test\r\nHost: test\r\n", "Host: a b\r\n",
                               "Host: u@test\r\n", "Host: test:x\r\n", "Host: http://test\r\n"}) {
        expect_one_answer(server.port(), "GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n", 400);
    }
    expect_one_answer(server.port(), "GET / HTTP/1.0\r\nHost: test\r\nHost: test\r\n\r\n", 400);
}

TEST(HttpRules, AnotherExpectationFails) {
    RunningServer server;
    expect_one_answer(server.port(), "GET / HTTP/1.1\r\nHost: test\r\nExpect: else\r\n\r\n", 417);
    HttpClient old(server.port());
    old.send("GET / HTTP/1.0\r\nExpect: else\r\n\r\n");
    EXPECT_EQ(old.response().status, 200);
}

TEST(HttpRules, AStrangersNameIsMisdirected) {
    RunningServer server;
    for (const char* host :
         {"evil.test", "evil.test:80", "localhost.evil.test", "127.0.0.1.evil.test", ""}) {
        const std::string field = " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n";
        for (const char* what : {"GET /", "HEAD /", "GET /emit", "GET /nowhere", "OPTIONS *",
                                 "GET http://evil.test/", "CONNECT evil.test:80", "BREW /"}) {
            expect_one_answer(server.port(), what + field + "\r\n", 421);
        }
        expect_one_answer(server.port(), "POST /emit" + field + "Content-Length: 7\r\n\r\nwrite 5",
                          421);
        expect_one_answer(
            server.port(),
            "POST /emit" + field + "Content-Length: 7\r\nExpect: 100-continue\r\n\r\n", 421);
    }
    for (const char* host : {"localhost", "LocalHost.:1", "a.localhost", "127.0.0.1", "[::1]:80",
                             "10.0.0.1", "test", "TEST.:9"}) {
        HttpClient client(server.port());
        client.send("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
        EXPECT_EQ(client.response().status, 200) << host;
    }
    HttpClient old(server.port());
    old.send("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.response().status, 200);
    HttpClient absolute(server.port());
    absolute.send("GET http://localhost/emit?writes=1&gap=0 HTTP/1.1\r\nHost: evil.test\r\n\r\n");
    EXPECT_EQ(absolute.response().status, 200);
}

/// The status line of an answer to GET / at an address, whose Host field is as said.
std::string status_line(const std::string& address, int port, const std::string& host) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string text;
    if (::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
        const std::string request =
            "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
        char bytes[4096];
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
        }
    }
    ::close(socket);
    return text.substr(0, text.find("\r\n"));
}

/// An IPv4 address of this machine that is not a loopback one; "": it has none.
std::string own_address() {
    ifaddrs* list = nullptr;
    std::string found;
    if (::getifaddrs(&list) != 0) return found;
    for (const ifaddrs* entry = list; entry != nullptr && found.empty(); entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
        if ((entry->ifa_flags & IFF_LOOPBACK) != 0 || (entry->ifa_flags & IFF_UP) == 0) continue;
        char text[INET_ADDRSTRLEN];
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr, text,
                    sizeof text);
        found = text;
    }
    ::freeifaddrs(list);
    return found;
}

TEST(HttpRules, TheAddressThatAConnectionCameInOnDecides) {
    const std::string own = own_address();
    for (const char* address : {"0.0.0.0", "::"}) {
        Program serve({"serve", "--port", "0", "--quiet", "--address", address, "--host-name",
                       "app.test", "--host-name", "b.test"});
        const std::string line = serve.output_line();
        std::smatch parts;
        if (!std::regex_search(line, parts, std::regex(":([0-9]+)/"))) continue;  // no IPv6 here
        const int port = std::stoi(parts[1]);
        EXPECT_EQ(status_line("127.0.0.1", port, "evil.test"), "HTTP/1.1 421 Misdirected Request");
        EXPECT_EQ(status_line("127.1.2.3", port, "evil.test"), "HTTP/1.1 421 Misdirected Request");
        EXPECT_EQ(status_line("127.0.0.1", port, "App.Test:1"), "HTTP/1.1 200 OK");
        EXPECT_EQ(status_line("127.0.0.1", port, "b.test"), "HTTP/1.1 200 OK");
        if (!own.empty()) {
            EXPECT_EQ(status_line(own, port, "evil.test"), "HTTP/1.1 200 OK") << own;
        }
    }
    if (own.empty()) GTEST_SKIP() << "this machine has no other address";
}

TEST(HttpRules, AHostNameIsANameWithoutAPort) {
    for (const char* name : {"a:80", "", "http://a/", "*.test", "a b"}) {
        Program serve({"serve", "--port", "0", "--host-name", name});
        const std::string errors = serve.errors();
        EXPECT_EQ(serve.exit_status(), 2) << name;
        EXPECT_NE(errors.find("--host-name"), std::string::npos) << errors;
    }
}

}  // namespace
}  // namespace seamark::testing
