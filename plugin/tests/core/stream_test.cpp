// SPDX-License-Identifier: GPL-2.0-or-later
//
// One direction, every byte captured: recognition, framing, and orders of arrival that must not
// matter.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/feeder.hpp"

namespace seamark::stream_test {
namespace {

using namespace test;
using std::string_literals::operator""s;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
constexpr std::string_view kOneChunk = "5\r\nhello\r\n0\r\n\r\n";                            // 15
constexpr std::string_view kGet = "GET / HTTP/1.1\r\n\r\n";                                  // 18
const std::string kResponse = std::string(kHead) + std::string(kOneChunk);                   // 62

TEST(Stream, ReadsOneResponse) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5;w=1\r\nhello\r\n0\r\nA: b\r\n\r\n"}),
              "1 response x1 200 chunked 0+47\n"
              "  5;w=1 @47 1:14 complete\n"
              "  0 @61 1:11 complete\n");
}

TEST(Stream, KnowsWhichFrameBroughtEachByte) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5\r", "\nhel", "lo\r", "\n0\r\n\r\n"}),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:2 2:4 3:3 4:1 complete\n"
              "  0 @57 4:5 complete\n");
}

TEST(Stream, ReadsWhatFollowsAMessage) {
    struct Case {
        const char* what;
        Side side;
        std::vector<std::string> segments;
        const char* found;
    };
    const Case cases[] = {
        {"pipelined requests in one segment",
         kClient,
         {std::string(kGet) + std::string(kGet)},
         "1 request x1 none 0+18\n"
         "2 request x2 none 18+18\n"},
        {"cut in the middle of the second",
         kClient,
         {std::string(kGet) + "GET", " / HTTP/1.1\r\n\r\n" + std::string(kGet)},
         "1 request x1 none 0+18\n"
         "2 request x2 none 18+18\n"
         "3 request x3 none 36+18\n"},
        {"a left-over CRLF is an empty line",
         kClient,
         {"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n" + std::string(kGet)},
         "1 request x1 content-length 0+38 body 3\n"
         "2 request x2 none 43+18\n"},
        {"CR and LF of it in segments of their own",
         kClient,
         {std::string(kGet), "\r", "\n", std::string(kGet)},
         "1 request x1 none 0+18\n"
         "2 request x2 none 20+18\n"},
        {"a start line in mid-segment, right behind a chunked message",
         kServer,
         {kResponse + "HTTP/1.1 204 No Content\r\n\r\n"},
         "1 response x1 200 chunked 0+47\n"
         "  5 @47 1:10 complete\n"
         "  0 @57 1:5 complete\n"
         "2 response x2 204 none 62+27\n"},
        {"a body of no bytes",
         kServer,
         {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
         "1 response x1 200 content-length 0+38 body 0\n"
         "2 response x2 204 none 38+18\n"},
        {"nothing follows a body that lasts to the end",
         kServer,
         {"HTTP/1.0 200 OK\r\n\r\n", kResponse},
         "1 response x1 200 close 0+19 open !unfinished\n"},
        {"interim responses",
         kServer,
         {"HTTP/1.1 103 x\r\n\r\nHTTP/1.1 100 x\r\n\r\n" + kResponse},
         "1 response x1 103 none 0+18\n"
         "2 response x1 100 none 18+18\n"
         "3 response x1 200 chunked 36+47\n"
         "  5 @83 1:10 complete\n"
         "  0 @93 1:5 complete\n"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        Feeder feeder;
        for (const auto& segment : c.segments) feeder.send(c.side, segment);
        feeder.finish();
        EXPECT_EQ(feeder.found(c.side), c.found);
    }
}

/// Recognition: from the first segment that begins, empty lines aside, with a start line.
TEST(Stream, RecognisesAStartLineThatBeginsASegment) {
    const std::string get = "GET / HTTP/1.1\r\n\r\n";
    struct Case {
        const char* what;
        std::vector<std::string> segments;
        const char* found;
    };
    const Case cases[] = {
        {"behind garbage", {"\x16\x03\x01 garbage", get}, "1 request x1 none 11+18\n"},
        {"not in mid-segment", {"garbage\r\n" + get, "more"}, ""},
        {"empty lines in front", {"\x01", "\r\n\n" + get}, "1 request x1 none 4+18\n"},
        {"empty lines as a segment", {"\x01", "\r\n", get}, "1 request x1 none 3+18\n"},
        {"split over segments",
         {"\x01", "GE", "T / HTT", "P/1.1\r", "\n\r\n"},
         "1 request x1 none 1+18\n"},
        {"something that could have become one",
         {"\x01", "GET /x", get},
         "1 request x1 none 7+18\n"},
        {"and again", {"\x01", "GET /x", "GET /y", "GET /z\r\n", get}, "1 request x1 none 21+18\n"},
        {"a candidate inside a candidate, split",
         {"\x01", "A", "B C", "GET", " / ", "HTTP/1.1\r\n\r\n"},
         "1 request x1 none 5+18\n"},
        {"behind a message, then garbage, then one",
         {get, "\x01\x02" + get, get},
         "1 request x1 none 0+18\n"
         "2 request x2 none 38+18\n"},
        {"the end of the line decides",
         {"\x01", "GET / HTTP/1.1\r", "x\r\n", get},
         "1 request x1 none 19+18\n"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        Feeder feeder;
        for (const auto& segment : c.segments) feeder.client(segment);
        feeder.finish();
        EXPECT_EQ(feeder.found(kClient), c.found);
    }
}

/// In segments of one byte every byte begins one, so that every start line is found.
TEST(Stream, FindsAStartLineAfterGarbageOfOneByteSegments) {
    for (const std::string garbage : {"GET / HTTP/1.", "HTTP/1.1 20 ", "a b c d e", "\r\n\r x",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        SCOPED_TRACE(garbage);
        Feeder feeder;
        const std::string bytes = "\x01" + garbage + "\n" + std::string(kGet);
        for (const char byte : bytes) feeder.client(std::string(1, byte));
        feeder.finish();
        const std::string at = std::to_string(garbage.size() + 2);
        EXPECT_EQ(feeder.found(kClient), "1 request x1 none " + at + "+18\n");
    }
}

TEST(Stream, StopsWhereFramingIsLost) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5\r\nhello\r\nx\r\n", kResponse}),
              "1 response x1 200 chunked 0+47 open at 57 !missing-size\n"
              "  5 @47 1:10 complete\n");
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5\r\nhelloworld", kResponse}),
              "1 response x1 200 chunked 0+47 open at 55 !bad-chunk-end\n"
              "  5 @47 1:8 incomplete !bad-chunk-end\n");
    EXPECT_EQ(
        found_in(kClient, {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", std::string(kGet)}),
        "1 request x1 unknown 0+38 open at 38 !bad-length\n");
}

TEST(Stream, SaysWhatTheCaptureLeftUnfinished) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5\r\nhel"}),
              "1 response x1 200 chunked 0+47 open !unfinished\n"
              "  5 @47 1:6 incomplete\n");
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5"}),
              "1 response x1 200 chunked 0+47 open !unfinished\n");
    EXPECT_EQ(found_in(kServer, {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"}),
              "1 response x1 200 content-length 0+38 body 5 !unfinished\n");
    EXPECT_EQ(found_in(kServer, {"HTTP/1.1 200 OK\r\nTransfer-"}),
              "1 response x1 200 unknown 0+26 open !unfinished\n");
    EXPECT_EQ(found_in(kServer, {"HTTP/1.1 200 OK\r"}), "");
}

TEST(Stream, FlagsAStartLineThatEndsWithLfAlone) {
    EXPECT_EQ(found_in(kServer, {"HTTP/1.1 204 x\n\r\n"}),
              "1 response x1 204 none 0+17 !bare-lf\n");
    EXPECT_EQ(found_in(kServer, {"HTTP/1.1 204 x\r\n\r\n"}), "1 response x1 204 none 0+18\n");
}

TEST(Stream, CountsAHugeChunkWithoutWrapping) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "ffffffffffffffff\r\nhello", "world"}),
              "1 response x1 200 chunked 0+47 open !unfinished\n"
              "  ffffffffffffffff @47 1:23 2:5 incomplete\n");
}

TEST(Stream, RemembersThatATagIsUnsound) {
    EXPECT_EQ(
        found_in(kServer, {"HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n"
                           "\r\n5;w=9-7\r\nhello\r\n0;w=3\r\n\r\n"}),
        "1 response x1 200 chunked 0+63\n"
        "  5;w=9-7 @63 1:16 complete !bad-tag\n"
        "  0;w=3 @79 1:9 complete\n");
}

// ------------------------------------------------------------------------------- order of arrival

const char* const kWhole =
    "1 response x1 200 chunked 0+47\n"
    "  5 @47 complete\n"
    "  0 @57 complete\n";

TEST(Stream, TakesSegmentsInAnyOrder) {
    const std::vector<std::pair<std::size_t, std::size_t>> cuts{
        {0, 20}, {20, 30}, {50, 5}, {55, 7}};
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        Feeder feeder;
        for (const std::size_t i : order)
            feeder.at(kServer, cuts[i].first, kResponse.substr(cuts[i].first, cuts[i].second));
        EXPECT_EQ(feeder.found_uncut(kServer), kWhole) << "before the end of the capture";
        feeder.finish();
        EXPECT_EQ(feeder.found_uncut(kServer), kWhole);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Stream, KeepsWhatArrivedFirst) {
    Feeder feeder;
    feeder.at(kServer, 0, kResponse.substr(0, 52));
    feeder.at(kServer, 47, "9\r\nXXXXXXXXX\r\n"s);  // other bytes over the size line and "he"
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47 open at 55 !bad-chunk-end\n"
              "  5 @47 1:5 2:3 incomplete !bad-chunk-end\n");
    const auto& segments = feeder.stream(kServer).lane().segments();
    ASSERT_EQ(segments.size(), 2u);
    EXPECT_FALSE(segments[0].repeats);
    EXPECT_TRUE(segments[1].repeats);
    EXPECT_EQ(segments[1].index, 2u) << "it brought bytes all the same";
}

TEST(Stream, CountsARetransmissionOnce) {
    Feeder feeder;
    feeder.at(kServer, 0, kResponse.substr(0, 50));
    feeder.at(kServer, 0, kResponse.substr(0, 50));
    feeder.at(kServer, 30, kResponse.substr(30, 10));
    feeder.at(kServer, 50, kResponse.substr(50));
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:3 4:7 complete\n"
              "  0 @57 4:5 complete\n");
    const auto& segments = feeder.stream(kServer).lane().segments();
    ASSERT_EQ(segments.size(), 4u);
    EXPECT_TRUE(segments[1].retransmission());
    EXPECT_TRUE(segments[2].retransmission());
    EXPECT_EQ(segments[3].index, 2u);
    EXPECT_EQ(feeder.stream(kServer).lane().count(), 2u);
}

TEST(Stream, GoesOnOverTheWrapOfSequenceNumbers) {
    for (std::uint32_t before = 0; before <= kResponse.size() + 2; ++before) {
        SCOPED_TRACE(before);
        Feeder::Options options;
        options.first_sequence = 0u - before;
        Feeder feeder(options);
        for (std::size_t at = 0; at < kResponse.size(); at += 7)
            feeder.server(kResponse.substr(at, 7));
        feeder.finish();
        EXPECT_EQ(feeder.found_uncut(kServer), kWhole);
    }
}

TEST(Stream, ReadsPayloadOnASynButNotOnARst) {
    Feeder::Options options;
    options.syn = false;
    Feeder feeder(options);
    feeder.at(kClient, 0, kGet, {.syn = true, .rst = false, .cut = 0});
    feeder.at(kClient, kGet.size(), "no more of this", {.syn = false, .rst = true, .cut = 0});
    feeder.finish();
    EXPECT_EQ(feeder.found(kClient), "1 request x1 none 0+18\n");
    EXPECT_EQ(feeder.stream(kClient).lane().segments().size(), 1u);
}

TEST(Stream, TakesASecondSynForARepetition) {
    Feeder feeder;
    feeder.syn(kServer);
    feeder.server(kResponse);
    feeder.syn(kServer);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer), kWhole);
}

TEST(Stream, LeavesBytesInFrontOfTheSynAside) {
    Feeder feeder;
    feeder.at(kServer, static_cast<std::uint64_t>(-1), "?");  // a keep-alive probe of one byte
    feeder.at(kServer, static_cast<std::uint64_t>(-3), "???" + kResponse.substr(0, 50));
    feeder.at(kServer, 50, kResponse.substr(50));
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 2:3 3:7 complete\n"
              "  0 @57 3:5 complete\n");
    const auto& segments = feeder.stream(kServer).lane().segments();
    ASSERT_EQ(segments.size(), 2u) << "the probe has no byte of the stream";
    EXPECT_EQ(segments[0].wire_length, 50u);
    EXPECT_EQ(segments[0].captured, 50u);
}

TEST(Stream, CountsOffsetsFromTheLowestByteWhereNoSynWasCaptured) {
    Feeder::Options options;
    options.syn = false;
    Feeder feeder(options);
    feeder.at(kServer, 10, kResponse);
    EXPECT_EQ(feeder.found_uncut(kServer), kWhole);
    feeder.at(kServer, 5, "tail.");  // an earlier segment, captured later
    feeder.at(kServer, 72, kResponse);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 5+47\n"
              "  5 @52 1:10 complete\n"
              "  0 @62 1:5 complete\n"
              "2 response x2 200 chunked 67+47\n"
              "  5 @114 3:10 complete\n"
              "  0 @124 3:5 complete\n");
}

/// Nothing was recognised before the segment that begins the message arrived: in front of the
/// others, and later than they.
TEST(Stream, ReadsOnFromAnEarlierSegmentThatCameLater) {
    Feeder::Options options;
    options.syn = false;
    Feeder feeder(options);
    feeder.at(kServer, 50, kResponse.substr(50, 6));
    feeder.at(kServer, 56, kResponse.substr(56));
    feeder.at(kServer, 30, kResponse.substr(30, 20));
    EXPECT_EQ(feeder.found(kServer), "");
    feeder.at(kServer, 0, kResponse.substr(0, 30));
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 3:3 1:6 2:1 complete\n"
              "  0 @57 2:5 complete\n");
}

}  // namespace
}  // namespace seamark::stream_test
