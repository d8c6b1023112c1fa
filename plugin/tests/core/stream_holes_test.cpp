// SPDX-License-Identifier: GPL-2.0-or-later
//
// Missing bytes, by the rules of DESIGN.md: where a hole ends the message and where it does not.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/feeder.hpp"

namespace seamark::stream_holes_test {
namespace {

using namespace test;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
const std::string kResponse = std::string(kHead) + "5\r\nhello\r\n0\r\n\r\n";                // 62
constexpr std::string_view kNoContent = "HTTP/1.1 204 x\r\n\r\n";                            // 18

struct Case {
    const char* what;
    std::string before;
    std::string lost;
    std::string behind;  // begins a segment
    const char* found;
};

void check(const Case& c) {
    SCOPED_TRACE(c.what);
    Feeder feeder;
    feeder.server(c.before);
    feeder.lose(kServer, c.lost);
    feeder.server(c.behind);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), c.found);
}

TEST(Holes, InDataOrInABodyOfKnownLengthDoNotEndTheParse) {
    const Case cases[] = {
        {"in chunk data", std::string(kHead) + "a\r\n012", "3456", "789\r\n0\r\n\r\n",
         "1 response x1 200 chunked 0+47\n"
         "  a @47 1:6 2:5 incomplete\n"
         "  0 @62 2:5 complete\n"},
        {"all of the data", std::string(kHead) + "a\r\n", "0123456789", "\r\n0\r\n\r\n",
         "1 response x1 200 chunked 0+47\n"
         "  a @47 1:3 2:2 incomplete\n"
         "  0 @62 2:5 complete\n"},
        {"in a body of known length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012", "3456",
         "789" + std::string(kNoContent),
         "1 response x1 200 content-length 0+39 body 10\n"
         "2 response x2 204 none 49+18\n"},
        {"in a body that lasts to the end", "HTTP/1.0 200 OK\r\n\r\nab", "cd", "ef",
         "1 response x1 200 close 0+19 open !unfinished\n"},
    };
    for (const Case& c : cases) check(c);
}

TEST(Holes, ElsewhereEndTheMessage) {
    const std::string next(kNoContent);
    const Case cases[] = {
        {"a size line", std::string(kHead) + "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n\r\n", next,
         "1 response x1 200 chunked 0+47 open at 57 !missing-bytes\n"
         "  5 @47 1:10 complete\n"
         "2 response x2 204 none 72+18\n"},
        {"part of a size line", std::string(kHead) + "5\r\nhello\r\n1", "0\r\n", next,
         "1 response x1 200 chunked 0+47 open at 58 !missing-bytes\n"
         "  5 @47 1:10 complete\n"
         "2 response x2 204 none 61+18\n"},
        {"CR behind the data", std::string(kHead) + "5\r\nhello", "\r", "\n0\r\n\r\n",
         "1 response x1 200 chunked 0+47 open at 55 !missing-bytes\n"
         "  5 @47 1:8 incomplete !missing-bytes\n"},
        {"LF behind the data", std::string(kHead) + "5\r\nhello\r", "\n", "0\r\n\r\n",
         "1 response x1 200 chunked 0+47 open at 56 !missing-bytes\n"
         "  5 @47 1:9 incomplete !missing-bytes\n"},
        {"the end of the data and the CR", std::string(kHead) + "5\r\nhel", "lo\r", "\n0\r\n\r\n",
         "1 response x1 200 chunked 0+47 open at 55 !missing-bytes\n"
         "  5 @47 1:6 incomplete !missing-bytes\n"},
        {"a trailer section", std::string(kHead) + "0\r\nA: b", "\r\n\r\n", next,
         "1 response x1 200 chunked 0+47 open at 54 !missing-bytes\n"
         "  0 @47 1:7 incomplete !missing-bytes\n"
         "2 response x2 204 none 58+18\n"},
        {"the final CRLF", std::string(kHead) + "0\r\n", "\r\n", next,
         "1 response x1 200 chunked 0+47 open at 50 !missing-bytes\n"
         "  0 @47 1:3 incomplete !missing-bytes\n"
         "2 response x2 204 none 52+18\n"},
        {"a head", "HTTP/1.1 200 OK\r\nTransfer-Enc", "oding: chunked\r\n\r\n5\r\nhello\r\n", next,
         "1 response x1 200 unknown 0+29 open at 29 !missing-bytes\n"
         "2 response x2 204 none 57+18\n"},
        {"a start line", "HTTP/1.1 200", " OK\r\n", "\r\n" + next,
         "1 response x1 204 none 19+18\n"},
        {"the first byte", "", "H", "TTP/1.1 200 OK\r\n\r\n", ""},
    };
    for (const Case& c : cases) check(c);
}

TEST(Holes, NeedASegmentThatBeginsWithAStartLineBehindThem) {
    const Case cases[] = {
        {"in mid-segment it is not found", std::string(kHead), "5\r\nhel",
         "lo\r\n0\r\n\r\n" + std::string(kNoContent),
         "1 response x1 200 chunked 0+47 open at 47 !missing-bytes\n"},
        {"behind a message as well", kResponse, "xx", "x" + std::string(kNoContent),
         "1 response x1 200 chunked 0+47\n"
         "  5 @47 1:10 complete\n"
         "  0 @57 1:5 complete\n"},
        {"behind empty lines it is found", kResponse, "xx", "\r\n" + std::string(kNoContent),
         "1 response x1 200 chunked 0+47\n"
         "  5 @47 1:10 complete\n"
         "  0 @57 1:5 complete\n"
         "2 response x2 204 none 66+18\n"},
    };
    for (const Case& c : cases) check(c);
}

TEST(Holes, BehindAnInvalidSizeLineRecogniseNothing) {
    check({"cut but already invalid", std::string(kHead) + "5x", "\r\n", kResponse,
           "1 response x1 200 chunked 0+47 open at 48 !bad-size\n"});
    check({"cut and still sound", std::string(kHead) + "5;", "x\r\n", kResponse,
           "1 response x1 200 chunked 0+47 open at 49 !missing-bytes\n"
           "2 response x2 200 chunked 52+47\n"
           "  5 @99 2:10 complete\n"
           "  0 @109 2:5 complete\n"});
}

TEST(Holes, MayBeFilledUntilTheyAreGivenUp) {
    Feeder feeder;
    feeder.at(kServer, 0, kResponse.substr(0, 40));
    feeder.at(kServer, 45, kResponse.substr(45));
    EXPECT_EQ(feeder.found(kServer), "1 response x1 200 unknown 0+40 open\n");
    feeder.at(kServer, 40, kResponse.substr(40, 5));
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 2:10 complete\n"
              "  0 @57 2:5 complete\n");
}

/// A hole in chunk data does not block: what follows it is read at once.
TEST(Holes, InDataBlockNothing) {
    Feeder feeder;
    feeder.at(kServer, 0, kResponse.substr(0, 51));
    feeder.at(kServer, 53, kResponse.substr(53));
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:4 2:4 incomplete\n"
              "  0 @57 2:5 complete\n");
    feeder.at(kServer, 51, kResponse.substr(51, 2));
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:4 3:2 2:4 complete\n"
              "  0 @57 2:5 complete\n");
}

TEST(Holes, AreGivenUpWhenTooMuchWaitsBehindThem) {
    Feeder::Options options;
    options.waiting_limit = 100;
    Feeder feeder(options);
    feeder.at(kServer, 0, kResponse.substr(0, 40));
    feeder.at(kServer, 45, std::string(30, 'x'));
    feeder.at(kServer, 75, std::string(69, 'x'));
    EXPECT_EQ(feeder.found(kServer), "1 response x1 200 unknown 0+40 open\n") << "99 bytes wait";
    feeder.at(kServer, 144, kNoContent);
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 unknown 0+40 open at 40 !missing-bytes\n"
              "2 response x2 204 none 144+18\n");
    feeder.at(kServer, 40, kResponse.substr(40, 5));  // too late
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 unknown 0+40 open at 40 !missing-bytes\n"
              "2 response x2 204 none 144+18\n");
}

TEST(Holes, WaitForOneMebibyteByDefault) {
    Feeder feeder;
    feeder.at(kServer, 0, kResponse.substr(0, 40));
    feeder.at(kServer, 45, std::string((1u << 20) - 1, 'x'));
    EXPECT_EQ(feeder.found(kServer), "1 response x1 200 unknown 0+40 open\n");
    feeder.at(kServer, 45 + (1u << 20) - 1, "x");
    EXPECT_EQ(feeder.found(kServer), "1 response x1 200 unknown 0+40 open at 40 !missing-bytes\n");
}

/// What came last in front of it gives way; the others go on waiting.
TEST(Holes, AreGivenUpWhenTooMuchWaitsInAllConnections) {
    WaitingBudget budget{.each = 100, .all = 150};
    Connection connections[2] = {Connection(budget), Connection(budget)};
    unsigned frame = 0;
    const auto add = [&](int which, std::uint32_t at, std::string_view bytes) {
        CapturedSegment segment;
        segment.frame = FrameNumber{++frame};
        segment.header.syn = bytes.empty();
        segment.header.sequence = RawSequence{at};
        segment.wire_length = static_cast<std::uint32_t>(bytes.size());
        segment.payload = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        connections[which].add(kServer, segment);
    };
    const auto stream = [&](int which) -> const Stream& {
        return std::as_const(connections[which]).stream(kServer);
    };
    for (const int which : {0, 1}) add(which, 0, "");
    const std::string waits = std::string(kNoContent) + std::string(90 - kNoContent.size(), 'x');
    add(0, 11, waits);
    EXPECT_EQ(budget.used, 90u);
    add(1, 11, waits.substr(0, 59));
    EXPECT_TRUE(stream(1).messages().empty()) << "149 bytes wait";
    add(1, 70, "x");
    EXPECT_EQ(stream(1).messages().size(), 1u);
    EXPECT_TRUE(stream(1).lane().segments().back().limit_met);
    EXPECT_FALSE(stream(1).lane().segments().front().limit_met);
    EXPECT_TRUE(stream(0).messages().empty());
    EXPECT_EQ(budget.used, 90u);
    for (Connection& connection : connections) connection.finish();
    EXPECT_EQ(stream(0).messages().size(), 1u);
    EXPECT_EQ(budget.used, 0u);
}

/// Each hole is given up on its own: what waits behind the second may be below the limit.
TEST(Holes, AreGivenUpOneByOne) {
    Feeder::Options options;
    options.waiting_limit = 60;
    Feeder feeder(options);
    feeder.at(kServer, 5, std::string(50, 'x'));
    feeder.at(kServer, 60, kResponse.substr(0, 20));
    EXPECT_EQ(feeder.found(kServer), "");
    feeder.at(kServer, 55, "xxxxx");
    EXPECT_EQ(feeder.found(kServer), "1 response x1 200 unknown 60+20 open\n");
}

TEST(Holes, ThatTheSnapLengthCutAreHoles) {
    Feeder feeder;
    const std::string head(kHead);
    feeder.at(kServer, 0, head + "64\r\n" + std::string(50, 'x'),
              {.syn = false, .rst = false, .cut = 40});
    feeder.at(kServer, 101, std::string(50, 'x') + "\r\n0\r\n\r\n");
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  64 @47 1:14 2:52 incomplete\n"
              "  0 @153 2:5 complete\n");
    const auto& segments = feeder.stream(kServer).lane().segments();
    EXPECT_EQ(segments[0].wire_length, 101u);
    EXPECT_EQ(segments[0].captured, 61u);
}

TEST(Holes, MakeAFrameAppearOnBothSides) {
    Feeder feeder;
    feeder.at(kServer, 0, kHead);
    feeder.at(kServer, 52, "lo");
    feeder.at(kServer, 47, kResponse.substr(47));
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 3:5 2:2 3:3 complete\n"
              "  0 @57 3:5 complete\n");
}

}  // namespace
}  // namespace seamark::stream_holes_test
