// SPDX-License-Identifier: GPL-2.0-or-later
//
// Both directions: requests and responses pair, and what one says changes how the other is read.
#include "core/stream/connection.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"

namespace seamark::connection_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";                         // 18
const std::string kHeadRequest = "HEAD / HTTP/1.1\r\n\r\n";                // 19
const std::string kConnect = "CONNECT a:1 HTTP/1.1\r\n\r\n";               // 24
const std::string kUpgrade = "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n";       // 30
const std::string kFive = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";  // 38
const std::string kSwitch = "HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n";        // 30
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";                   // 18
const std::string kChunked = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

TEST(Connection, AnswersToHeadHaveNoBody) {
    Feeder feeder;
    feeder.client(kHeadRequest + kGet);
    feeder.server(kFive + kFive + "hello");
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 none 0+38\n"
              "2 response x2 200 content-length 38+38 body 5\n");
}

TEST(Connection, PairsFirstInFirstOut) {
    Feeder feeder;
    feeder.client(kGet + kGet + kGet);
    feeder.server("HTTP/1.1 100 x\r\n\r\n" + kNoContent);
    feeder.server(kNoContent + "HTTP/1.1 103 x\r\n\r\n" + kNoContent + kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 100 none 0+18\n"
              "2 response x1 204 none 18+18\n"
              "3 response x2 204 none 36+18\n"
              "4 response x3 103 none 54+18\n"
              "5 response x3 204 none 72+18\n"
              "6 response x4 204 none 90+18\n")
        << "the last answers a request that was not captured";
}

TEST(Connection, AResponseWhoseHeadIsCutAnswersARequest) {
    Feeder feeder;
    feeder.client(kGet + kHeadRequest);
    feeder.server("HTTP/1.1 200 OK\r\nA: ");
    feeder.lose(kServer, "b\r\n\r\n");
    feeder.server(kFive + kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 unknown 0+20 open at 20 !missing-bytes\n"
              "2 response x2 200 none 25+38\n"
              "3 response x3 204 none 63+18\n");
}

TEST(Connection, ATunnelIsSearchedForHttp) {
    Feeder feeder;
    feeder.client(kConnect);
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    feeder.client("\x16\x03\x01");
    feeder.client(kGet);
    feeder.server("\x16\x03\x01");
    feeder.server("HTTP/1.1 200 OK\r\n" + kChunked);
    feeder.finish();
    EXPECT_EQ(feeder.found(kClient),
              "1 request x1 none 0+24\n"
              "2 request x2 none 27+18\n");
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 tunnel 0+38\n"
              "2 response x2 200 chunked 41+47\n"
              "  5 @88 6:10 complete\n"
              "  0 @98 6:5 complete\n");
}

TEST(Connection, ARefusedConnectOpensNoTunnel) {
    Feeder feeder;
    feeder.client(kConnect + kGet);
    feeder.server("HTTP/1.1 403 x\r\n" + kChunked + kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 403 chunked 0+46\n"
              "  5 @46 complete\n"
              "  0 @56 complete\n"
              "2 response x2 204 none 61+18\n");
}

TEST(Connection, NothingIsRecognisedBehindASwitchOfProtocols) {
    Feeder feeder;
    feeder.client(kGet + kUpgrade + kGet + kGet);  // the last two are pipelined: dropped
    feeder.server(kNoContent + kSwitch + kNoContent);
    feeder.server(kNoContent);
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found(kClient),
              "1 request x1 none 0+18\n"
              "2 request x2 none 18+30\n"
              "3 request x3 none 48+18 dropped\n"
              "4 request x4 none 66+18 dropped\n");
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x2 101 none 18+30\n");
}

/// The request that is upgraded belongs to HTTP to its last byte (RFC 9110 section 7.8), also where
/// the capture has the switch first.
TEST(Connection, ARequestIsReadToItsEndThoughTheSwitchCameFirst) {
    Feeder feeder;
    feeder.client("POST / HTTP/1.1\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    feeder.server(kSwitch);
    feeder.client("llo\r\n0\r\n\r\n" + kGet);
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found(kClient),
              "1 request x1 chunked 0+59\n"
              "  5 @59 1:5 3:5 complete\n"
              "  0 @69 3:5 complete\n");

    Feeder late;
    late.server(kSwitch);
    late.client(kUpgrade + kGet);
    late.client(kGet);
    late.finish();
    EXPECT_EQ(late.found(kClient), "1 request x1 none 0+30\n");
}

TEST(Connection, AHoleInTheUpgradedRequestEndsRecognitionToo) {
    Feeder feeder;
    feeder.client("POST / HTTP/1.1\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello");
    feeder.server(kSwitch);
    feeder.lose(kClient, "\r\n0\r\n\r\n");
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found(kClient),
              "1 request x1 chunked 0+59 open at 67 !missing-bytes\n"
              "  5 @59 1:8 incomplete !missing-bytes\n");
}

TEST(Connection, SidesMayBeEitherWayRound) {
    Feeder feeder;
    feeder.server(kHeadRequest);
    feeder.client(kFive);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), "1 request x1 none 0+19\n");
    EXPECT_EQ(feeder.found(kClient), "1 response x1 200 none 0+38\n");
}

/// At the end of the capture both directions have a hole; the requests were captured first, and say
/// how the responses are framed.
TEST(Connection, GivesUpHolesInTheOrderOfCapture) {
    for (const bool swapped : {false, true}) {
        Feeder feeder;
        const Side asks = swapped ? kServer : kClient;
        const Side answers = other(asks);
        feeder.lose(asks, "?");
        feeder.lose(answers, "?");
        feeder.send(asks, kHeadRequest);
        feeder.send(answers, kFive);
        feeder.send(asks, kGet);
        feeder.send(answers, kNoContent);
        feeder.finish();
        EXPECT_EQ(feeder.found(answers),
                  "1 response x1 200 none 1+38\n"
                  "2 response x2 204 none 39+18\n");
    }
}

TEST(Connection, NumbersExchangesByResponsesWhereNoRequestWasSeen) {
    Feeder feeder;
    feeder.server(kNoContent + "HTTP/1.1 100 x\r\n\r\n" + kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x2 100 none 18+18\n"
              "3 response x2 204 none 36+18\n");
}

TEST(Connection, AnswersToRequestsBeforeTheCaptureTakeNoLaterOne) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    feeder.client("HEAD / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 content-length 0+38 body 2\n"
              "2 response x1 200 none 40+39\n"
              "3 response x2 200 content-length 79+38 body 5\n");
    const Connection& connection = feeder.connection();
    EXPECT_EQ(connection.answer_to(kClient, 0), 1U);
    EXPECT_EQ(connection.answer_to(kClient, 1), 2U);
    EXPECT_EQ(connection.request_of(kServer, 0), std::nullopt);
    EXPECT_EQ(connection.request_of(kServer, 1), 0U);
}

TEST(Connection, ASynBehindDataIsNotTheStartOfThem) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.server("HTTP/1.1 200 OK\r\n" + kChunked);
    feeder.syn(kServer, 5000);
    feeder.at(kServer, 5000, "HTTP/1.1 200 OK\r\n" + kChunked);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:10 complete\n"
              "  0 @57 1:5 complete\n"
              "2 response x2 200 chunked 5000+47\n"
              "  5 @5047 2:10 complete\n"
              "  0 @5057 2:5 complete\n");
}

TEST(Connection, FinishingTwiceChangesNothing) {
    Feeder feeder;
    feeder.server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
    feeder.lose(kServer, "llo\r\n0");
    feeder.server("\r\n\r\n");
    feeder.finish();
    const std::string once = feeder.found(kServer);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), once);
}

TEST(Connection, KnowsTheLargestPayload) {
    struct Case {
        std::optional<std::uint16_t> own;
        std::optional<std::uint16_t> peers;
        std::uint8_t options;
        std::optional<std::uint32_t> payload;
    };
    const Case cases[] = {
        {1460, 1460, 0, 1460},          {1460, 1460, 12, 1448},
        {1460, 1200, 12, 1188},         {1200, 1460, 12, 1188},
        {std::nullopt, 1460, 12, 1448}, {1460, std::nullopt, 12, std::nullopt},
        {20, 20, 20, std::nullopt},     {21, 21, 20, 1},
    };
    for (const Case& c : cases) {
        WaitingBudget budget;
        Connection connection(budget);
        CapturedSegment syn;
        syn.header.syn = true;
        syn.header.announced_mss = c.own;
        connection.add(Side::kFirst, syn);
        syn.header.announced_mss = c.peers;
        connection.add(Side::kSecond, syn);
        EXPECT_EQ(connection.max_payload(Side::kFirst, c.options), c.payload);
    }
}

}  // namespace
}  // namespace seamark::connection_test
