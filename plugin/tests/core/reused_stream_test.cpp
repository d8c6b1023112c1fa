// SPDX-License-Identifier: GPL-2.0-or-later
//
// Two connections on the same ports that come as one, as Wireshark's tcp.stream has it where a SYN
// was not captured or has the number of the one before.
#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"

namespace seamark::reused_stream_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";                                     // 18
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";                               // 18
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
const std::string kOne = "1\r\nx\r\n0\r\n\r\n";                                        // 11

void close(Feeder& feeder) {
    feeder.fin(kServer);
    feeder.fin(kClient);
}

TEST(ReusedStream, WithTheSameSequenceNumbers) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kNoContent);
    close(feeder);
    feeder.syn(kClient);
    feeder.syn(kServer);
    feeder.here(kClient) = feeder.here(kServer) = 0;
    feeder.client(kGet);
    feeder.server(kChunked + kOne);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kClient), "1 request x1 none 0+18\n2 request x2 none 0+18\n");
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x2 200 chunked 0+47\n"
              "  1 @47 complete\n"
              "  0 @53 complete\n");
}

TEST(ReusedStream, WithoutASynAndFarAway) {
    for (const std::uint64_t far : {std::uint64_t{500'000'000}, std::uint64_t{0} - 500'000'000}) {
        Feeder feeder;
        feeder.client(kGet + kGet);  // the second is not answered
        feeder.server(kNoContent);
        close(feeder);
        feeder.here(kClient) += far;
        feeder.here(kServer) += far;
        feeder.client(kGet);
        feeder.server(kChunked + kOne);
        feeder.finish();
        EXPECT_EQ(feeder.found_uncut(kServer),
                  "1 response x1 204 none 0+18\n"
                  "2 response x3 200 chunked 0+47\n"
                  "  1 @47 complete\n"
                  "  0 @53 complete\n");
        EXPECT_EQ(feeder.connection().exchange(kClient, 2), 3U);
    }
}

TEST(ReusedStream, WhereOnlyTheServersSynIsThere) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server(kChunked + "5\r\nhe");
    feeder.reset(kClient);
    feeder.syn(kServer, 700'000'000);
    feeder.here(kServer) = 700'000'000;
    feeder.here(kClient) = 300'000'000;
    feeder.client(kGet);
    feeder.server(kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 200 chunked 0+47 open !cut-by-reset\n"
              "  5 @47 incomplete !cut-by-reset\n"
              "2 response x2 204 none 0+18\n");
}

TEST(ReusedStream, ABodyToTheCloseEndsWithItsConnection) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.server("HTTP/1.1 200 OK\r\n\r\nbody");
    close(feeder);
    feeder.syn(kClient);
    feeder.syn(kServer);
    feeder.here(kClient) = feeder.here(kServer) = 0;
    feeder.client(kGet);
    feeder.server(kNoContent);
    feeder.finish();
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 200 close 0+19 open\n"
              "2 response x2 204 none 0+18\n");
}

TEST(ReusedStream, NotWhereBytesOnlyComeLate) {
    Feeder feeder;
    feeder.client(kGet);
    feeder.lose(kServer, kChunked);
    feeder.server(kOne);
    close(feeder);
    feeder.at(kServer, 0, kChunked);
    feeder.finish();
    EXPECT_EQ(feeder.stream(kServer).later_connections(), 0U);
    EXPECT_EQ(feeder.found_uncut(kServer),
              "1 response x1 200 chunked 0+47\n"
              "  1 @47 complete\n"
              "  0 @53 complete\n");
}

}  // namespace
}  // namespace seamark::reused_stream_test
