// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/start_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace seamark::start_line_test {
namespace {

using Verdict = StartLineParser::Verdict;

/// Feeds until a verdict other than kNeedMore; `taken` counts the bytes.
Verdict feed(StartLineParser& parser, std::string_view text, std::size_t& taken) {
    taken = 0;
    for (const char c : text) {
        ++taken;
        const Verdict verdict = parser.feed(static_cast<unsigned char>(c));
        if (verdict != Verdict::kNeedMore) return verdict;
    }
    return Verdict::kNeedMore;
}

TEST(StartLine, Requests) {
    struct Case {
        std::string_view line;
        Method method;
        int minor;
        bool bare_lf;
    };
    const Case cases[] = {
        {"GET / HTTP/1.1\r\n", Method::kOther, 1, false},
        {"HEAD /x HTTP/1.1\r\n", Method::kHead, 1, false},
        {"CONNECT a:443 HTTP/1.1\r\n", Method::kConnect, 1, false},
        {"head /x HTTP/1.1\r\n", Method::kOther, 1, false},  // methods are case-sensitive
        {"GET / HTTP/1.0\n", Method::kOther, 0, true},
        {"GET  \t /  HTTP/1.1 \r\n", Method::kOther, 1, false},
        {"\r\n\n\r\nGET / HTTP/1.1\r\n", Method::kOther, 1, false},
        {"M-SEARCH * HTTP/1.1\r\n", Method::kOther, 1, false},
        {"GET /\xc3\xa9 HTTP/1.1\r\n", Method::kOther, 1, false},
        {"GET / HTTP/1.7\r\n", Method::kOther, 7, false},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.line);
        StartLineParser parser;
        std::size_t taken = 0;
        ASSERT_EQ(feed(parser, c.line, taken), Verdict::kWhole);
        EXPECT_EQ(taken, c.line.size());
        EXPECT_EQ(parser.kind(), MessageKind::kRequest);
        EXPECT_EQ(parser.method(), c.method);
        EXPECT_EQ(parser.minor_version(), c.minor);
        EXPECT_EQ(parser.bare_lf(), c.bare_lf);
    }
}

TEST(StartLine, BlanksInsideTheTarget) {
    const std::string_view lines[] = {
        "GET /my file HTTP/1.1\r\n",
        "GET /a  b\tc HTTP/1.1\r\n",
        "GET /a HTTP/1.1 HTTP/1.1\r\n",
        "GET /a HTTP/1.1b HTTP/1.1 \r\n",
        "GET /a HTT HTTP/1.1\n",
        "GET /a HTTP/1. HTTP/1.1\r\n",
        "POST http://pier.example/a b HTTP/1.0\r\n",
    };
    for (const std::string_view line : lines) {
        SCOPED_TRACE(line);
        StartLineParser parser;
        std::size_t taken = 0;
        ASSERT_EQ(feed(parser, line, taken), Verdict::kWhole);
        EXPECT_EQ(taken, line.size());
        EXPECT_TRUE(parser.blank_in_target());
    }
    StartLineParser parser;
    std::size_t taken = 0;
    ASSERT_EQ(feed(parser, "GET  /  HTTP/1.1  \r\n", taken), Verdict::kWhole);
    EXPECT_FALSE(parser.blank_in_target());
}

TEST(StartLine, Responses) {
    struct Case {
        std::string_view line;
        int status;
        int minor;
    };
    const Case cases[] = {
        {"HTTP/1.1 200 OK\r\n", 200, 1},
        {"HTTP/1.0 404 Not Found\r\n", 404, 0},
        {"HTTP/1.1 100\r\n", 100, 1},  // no reason, and no blank: seen in the wild
        {"HTTP/1.1 204 \r\n", 204, 1},
        {"HTTP/1.1  999\tx\n", 999, 1},
        {"HTTP/1.1 200 a\rb\r\n", 200, 1},
        {"HTTP/1.1 200 a\r\r\n", 200, 1},
        {std::string_view("HTTP/1.1 200 \0\xff\r\n", 17), 200, 1},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.line);
        StartLineParser parser;
        std::size_t taken = 0;
        ASSERT_EQ(feed(parser, c.line, taken), Verdict::kWhole);
        EXPECT_EQ(taken, c.line.size());
        EXPECT_EQ(parser.kind(), MessageKind::kResponse);
        EXPECT_EQ(parser.status(), c.status);
        EXPECT_EQ(parser.minor_version(), c.minor);
        EXPECT_EQ(parser.method(), Method::kUnknown);
    }
}

TEST(StartLine, NotOne) {
    struct Case {
        std::string_view line;
        std::size_t seen_at;  // bytes it takes to know
    };
    const Case cases[] = {
        {" GET / HTTP/1.1\r\n", 1},
        {"\x16\x03\x01", 1},
        {"\rG", 2},
        {"GET\r\n", 4},
        {"GET /\r\n", 6},
        {"GET / \r\n", 7},
        {"GET / HTTP/2.0\r\n", 15},
        {"GET / HTTP/1.10\r\n", 16},
        {"GET / http/1.1\r\n", 15},
        {"GET a b HTTP/1.1\r\n", 7},
        {"word /a word\r\n", 13},
        {"GET /\0 HTTP/1.1\r\n", 6},
        {"GET / HTTP/1.1\rx\r\n", 16},
        {"HTTP/2 200 OK\r\n", 6},
        {"HTTP/1.1200 OK\r\n", 9},
        {"HTTP/1.1 20 OK\r\n", 12},
        {"HTTP/1.1 2000 OK\r\n", 13},
        {"HTTP/1.1 099 OK\r\n", 10},
        {"HTTP/1.x 200 OK\r\n", 8},
        {"PRI * HTTP/2.0\r\n", 12},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa / HTTP/1.1\r\n", 33},
    };
    for (const Case& c : cases) {
        // The case with NUL in it: a literal's length stops there.
        const std::string line =
            c.line == "GET /" ? std::string("GET /\0 HTTP/1.1\r\n", 17) : std::string(c.line);
        SCOPED_TRACE(line);
        StartLineParser parser;
        std::size_t taken = 0;
        EXPECT_EQ(feed(parser, line, taken), Verdict::kImpossible);
        EXPECT_EQ(taken, c.seen_at);
    }
}

TEST(StartLine, HasALimit) {
    for (const std::string_view begin : {"GET /", "HTTP/1.1 200 "}) {
        const auto limit = StartLineParser::kLimit;
        std::string line(begin);
        line.resize(limit - 11, 'x');
        line += begin[0] == 'G' ? " HTTP/1.1\r\n" : "xxxxxxxxx\r\n";
        ASSERT_EQ(line.size(), limit);
        StartLineParser parser;
        std::size_t taken = 0;
        EXPECT_EQ(feed(parser, "\r\n" + line, taken), Verdict::kWhole)
            << "empty lines in front do not count";
        parser.reset();
        line.insert(20, "x");
        EXPECT_EQ(feed(parser, line, taken), Verdict::kTooLong);
        EXPECT_EQ(taken, limit + 1);
    }
}

TEST(StartLine, SaysWhenNothingButEmptyLinesCame) {
    StartLineParser parser;
    EXPECT_TRUE(parser.at_begin());
    parser.feed('\r');
    EXPECT_FALSE(parser.at_begin());
    parser.feed('\n');
    EXPECT_TRUE(parser.at_begin());
    parser.feed('G');
    EXPECT_FALSE(parser.at_begin());
}

}  // namespace
}  // namespace seamark::start_line_test
