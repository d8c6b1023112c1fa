// SPDX-License-Identifier: GPL-2.0-or-later
//
// Each head at every split into two, and byte by byte: the answers must be the same.
#include "net/server/request_head.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::net {
namespace {

using State = RequestHead::State;

RequestHead scanned(const std::string& text, const std::vector<std::size_t>& ends, State wanted) {
    RequestHead head;
    for (const std::size_t end : ends) {
        const State state = head.scan(std::string_view(text).substr(0, end));
        if (state == State::kIncomplete) continue;
        EXPECT_EQ(state, wanted) << head.refusal().reason;
        return head;
    }
    EXPECT_EQ(State::kIncomplete, wanted) << text;
    return head;
}

template <typename Check>
void at_every_split(const std::string& text, State wanted, const Check& check) {
    SCOPED_TRACE(text.substr(0, 100));
    std::vector<std::size_t> every_byte;
    for (std::size_t at = 1; at <= text.size(); ++at) {
        every_byte.push_back(at);
        if (text.size() < 2000) check(scanned(text, {at, text.size()}, wanted));
    }
    check(scanned(text, every_byte, wanted));
}

TEST(RequestHead, EndsBehindTheEmptyLine) {
    const std::string head = "GET /a HTTP/1.1\r\nHost: a\r\nX:\t\xe4 b\r\n\r\n";
    at_every_split(head + "GET /b", State::kComplete, [&](const RequestHead& found) {
        EXPECT_EQ(found.begin(), 0U);
        EXPECT_EQ(found.end(), head.size());
        EXPECT_EQ(found.minor_version(), 14U);
        EXPECT_TRUE(found.begun());
    });
    at_every_split("GET / HTTP/1.0\r\n\r\n", State::kComplete,
                   [](const RequestHead& found) { EXPECT_EQ(found.end(), 18U); });
}

TEST(RequestHead, SkipsEmptyLinesInFront) {
    for (const int lines : {1, 2, 50}) {
        std::string text;
        for (int line = 0; line < lines; ++line) text += "\r\n";
        const std::size_t begin = text.size();
        text += "GET / HTTP/1.9\r\n\r\n";
        at_every_split(text, State::kComplete, [&](const RequestHead& found) {
            EXPECT_EQ(found.begin(), begin);
            EXPECT_EQ(found.end(), text.size());
            EXPECT_EQ(text[found.minor_version()], '9');
        });
    }
    at_every_split("\r\n\r\n", State::kIncomplete,
                   [](const RequestHead& found) { EXPECT_FALSE(found.begun()); });
}

TEST(RequestHead, IsRefusedAtTheFirstByteThatTwoCouldReadInTwoWays) {
    struct Case {
        std::string text;
        unsigned status;
        std::string part;
    };
    const std::string line = "GET / HTTP/1.1\r\n";
    for (const Case& c : {
             Case{"GET / HTTP/1.1\n", 400, "LF instead of CRLF"},
             Case{line + "Host: a\n\n", 400, "LF instead of CRLF"},
             Case{line + "Host: a\r\n\n", 400, "LF instead of CRLF"},
             Case{"\nGET / HTTP/1.1\r\n\r\n", 400, "LF instead of CRLF"},
             Case{"\rGET / HTTP/1.1\r\n\r\n", 400, "CR without an LF"},
             Case{line + "Host: a\rb\r\n\r\n", 400, "CR without an LF"},
             Case{line + "Host: a\r\r\n\r\n", 400, "CR without an LF"},
             Case{"GET / HTTP/1.1\r \r\n", 400, "CR without an LF"},
             Case{line + std::string("X: a\0b", 6) + "\r\n\r\n", 400, "\\x00"},
             Case{line + "X: \x7f\r\n\r\n", 400, "\\x7f"},
             Case{std::string("\x16\x03\x01\x02\x00\x01", 6), 400, "\\x16"},
             Case{line + "Host: a\r\n b\r\n\r\n", 400, "folded"},
             Case{line + "Host: a\r\n\tb\r\n\r\n", 400, "folded"},
             Case{line + " Host: a\r\n\r\n", 400, "folded"},
             Case{line + "Host: a\r\n \r\n\r\n", 400, "folded"},
             Case{"GET /\r\n", 400, "request line"},
             Case{"GET / HTTP/2.0\r\n", 505, "HTTP/1.1 and HTTP/1.0"},
         }) {
        at_every_split(c.text, State::kRefused, [&](const RequestHead& found) {
            EXPECT_EQ(found.refusal().status, c.status);
            EXPECT_NE(found.refusal().reason.find(c.part), std::string::npos)
                << found.refusal().reason;
        });
    }
}

TEST(RequestHead, HasALimit) {
    const auto refused = [](const std::string& text, unsigned status) {
        at_every_split(text, State::kRefused, [&](const RequestHead& found) {
            EXPECT_EQ(found.refusal().status, status) << found.refusal().reason;
            EXPECT_NE(found.refusal().reason.find("16 KiB"), std::string::npos);
        });
    };
    refused("GET /" + std::string(RequestHead::kLimit, 'a'), 414);
    refused("GET / HTTP/1.1\r\nX: " + std::string(RequestHead::kLimit, 'a'), 431);
    std::string empty;
    while (empty.size() <= RequestHead::kLimit) empty += "\r\n";
    refused(empty, 400);

    std::string longest = "GET / HTTP/1.1\r\nX: ";
    longest += std::string(RequestHead::kLimit - longest.size() - 4, 'a') + "\r\n\r\n";
    at_every_split(longest, State::kComplete,
                   [&](const RequestHead& found) { EXPECT_EQ(found.end(), RequestHead::kLimit); });
}

TEST(RequestLine, NamesItsVersion) {
    for (const char* line : {"GET / HTTP/1.0", "GET / HTTP/1.1", "G /\xc3\xa4 HTTP/1.2",
                             "OPTIONS * HTTP/1.9", "CONNECT a:1 HTTP/1.1"}) {
        const auto found = minor_version_of(line);
        ASSERT_TRUE(std::holds_alternative<std::size_t>(found)) << line;
        EXPECT_EQ(std::get<std::size_t>(found), std::string_view(line).size() - 1);
    }
    const auto status = [](std::string_view line) {
        const auto found = minor_version_of(line);
        return std::holds_alternative<Refusal>(found) ? std::get<Refusal>(found).status : 0;
    };
    for (const char* line :
         {"GET / HTTP/2.0", "PRI * HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/3.1"}) {
        EXPECT_EQ(status(line), 505U) << line;
    }
    for (const char* line : {"GET",
                             "GET /",
                             "GET / ",
                             "GET  / HTTP/1.1",
                             "GET /  HTTP/1.1",
                             " GET / HTTP/1.1",
                             "GET / HTTP/1.1 ",
                             "GET /a b HTTP/1.1",
                             "GET  HTTP/1.1",
                             " / HTTP/1.1",
                             "GET / http/1.1",
                             "GET / Http/1.1",
                             "GET / HTTP/1",
                             "GET / HTTP/1.",
                             "GET / HTTP/11",
                             "GET / HTTP/1.10",
                             "GET / HTTP/11.1",
                             "GET / HTTP/1.x",
                             "GET / HTTP/1,1",
                             "GET / HTTPS/1.1",
                             "GET / HTTP/-1.1",
                             "GET / HTTP 1.1",
                             "GET\t/\tHTTP/1.1",
                             "GET / HTTP/1.1\t",
                             "GET / FTP/1.1"}) {
        EXPECT_EQ(status(line), 400U) << line;
    }
}

}  // namespace
}  // namespace seamark::net
