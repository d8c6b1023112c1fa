// SPDX-License-Identifier: GPL-2.0-or-later
//
// What comes late and changes how the bytes after it are read: a request after its answer, an
// earlier segment after a message was recognised.
#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"

namespace seamark::late_request_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";                                     // 18
const std::string kHeadRequest = "HEAD / HTTP/1.1\r\n\r\n";                            // 19
const std::string kConnect = "CONNECT a:1 HTTP/1.1\r\n\r\n";                           // 24
const std::string kFive = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";              // 38
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";                               // 18
const std::string kOne = "1\r\nx\r\n0\r\n\r\n";                                        // 11

void answer(Feeder& feeder, const std::string& bytes, std::uint64_t acknowledges) {
    feeder.at(kServer, feeder.here(kServer), bytes, {.acknowledges = acknowledges});
    feeder.here(kServer) += bytes.size();
}

TEST(LateRequest, AHeadThatIsCapturedAfterItsAnswerFramesIt) {
    Feeder feeder;
    answer(feeder, kFive + kChunked + kOne, 19);
    EXPECT_EQ(feeder.found_uncut(kServer), "1 response x1 200 content-length 0+38 body 5\n")
        << "the first pass cannot know better";
    feeder.client(kHeadRequest);
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 none 0+38\n"
              "2 response x2 200 chunked 38+47\n"
              "  1 @85 1:6 complete\n"
              "  0 @91 1:5 complete\n");
    EXPECT_EQ(feeder.budget().used, 0U);
}

TEST(LateRequest, SegmentsBehindTheAnswerAreReadAgain) {
    Feeder feeder;
    answer(feeder, kFive, 19);
    answer(feeder, kChunked, 37);
    answer(feeder, kOne.substr(0, 3), 37);
    feeder.client(kHeadRequest);
    answer(feeder, kOne.substr(3), 37);
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 200 none 0+38\n"
              "2 response x2 200 chunked 38+47\n"
              "  1 @85 complete\n"
              "  0 @91 complete\n");
    EXPECT_EQ(feeder.budget().used, 0U);
}

TEST(LateRequest, ARequestBehindAHoleIsReadAtTheEnd) {
    Feeder feeder;
    feeder.lose(kClient, kGet.substr(0, 5));
    feeder.client(kGet.substr(5));
    feeder.client(kHeadRequest);
    answer(feeder, kNoContent, 18);
    answer(feeder, kFive, 37);
    answer(feeder, kChunked + kOne, 55);
    feeder.client(kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x1 200 none 18+38\n"
              "3 response x2 200 chunked 56+47\n"
              "  1 @103 complete\n"
              "  0 @109 complete\n");
}

TEST(LateRequest, AConnectMakesATunnelOfIt) {
    Feeder feeder;
    answer(feeder, "HTTP/1.1 200 OK\r\n\r\n", 24);
    answer(feeder, kNoContent, 42);
    feeder.client(kConnect + kGet);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 200 tunnel 0+19\n"
              "2 response x2 204 none 19+18\n");
}

TEST(LateRequest, AGetChangesNothing) {
    Feeder feeder;
    answer(feeder, kFive + "hello" + kFive, 18);
    feeder.client(kGet + kGet);
    answer(feeder, "world", 36);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 200 content-length 0+38 body 5\n"
              "2 response x2 200 content-length 43+38 body 5\n");
    EXPECT_EQ(feeder.budget().used, 0U);
}

TEST(LateRequest, TooMuchBehindItStaysAsItIs) {
    Feeder feeder(Feeder::Options{.waiting_limit = 100});
    answer(feeder, kFive, 19);
    answer(feeder, kChunked + kOne + kChunked + kOne, 19);
    feeder.client(kHeadRequest);
    feeder.finish();
    EXPECT_EQ(feeder.stream(kServer).messages()[0].framing, Framing::kContentLength);
    EXPECT_EQ(feeder.budget().used, 0U);
}

TEST(EarlierSegment, AfterAMessageWasRecognised) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.at(kServer, 18, kFive + "hello");
    EXPECT_FALSE(feeder.stream(kServer).messages().empty());
    feeder.at(kServer, 0, kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x2 200 content-length 18+38 body 5\n");
}

TEST(EarlierSegment, OfRequests) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.at(kClient, 18, kHeadRequest);
    feeder.at(kClient, 0, kGet);
    feeder.server(kNoContent + kFive);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kClient),
              "1 request x1 none 0+18\n"
              "2 request x2 none 18+19\n");
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x2 200 none 18+38\n");
}

TEST(EarlierSegment, ThatBelongsToTheMessageItself) {
    Feeder feeder(Feeder::Options{.syn = false});
    feeder.at(kServer, 47, kOne.substr(0, 6) + kNoContent);  // shaped like nothing, then a message
    feeder.at(kServer, 53 + 18, kNoContent);
    feeder.at(kServer, 0, kChunked);
    feeder.finish();
    EXPECT_EQ(feeder.stream(kServer).messages()[0].head.length(), 47U);
    EXPECT_EQ(feeder.stream(kServer).messages()[0].framing, Framing::kChunked);
}

}  // namespace
}  // namespace seamark::late_request_test
