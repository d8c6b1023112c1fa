// SPDX-License-Identifier: GPL-2.0-or-later
//
// A response that comes when no request is outstanding answers none.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/feeder.hpp"

namespace seamark::unsolicited_test {
namespace {

using namespace test;

const std::string kGet = "GET / HTTP/1.1\r\n\r\n";                           // 18
const std::string kNoContent = "HTTP/1.1 204 x\r\n\r\n";                     // 18
const std::string kTimeout = "HTTP/1.1 408 x\r\nContent-Length: 0\r\n\r\n";  // 37

void answer(Feeder& feeder, const std::string& bytes, std::uint64_t acknowledges) {
    feeder.at(kServer, feeder.here(kServer), bytes, {.acknowledges = acknowledges});
    feeder.here(kServer) += bytes.size();
}

TEST(Unsolicited, ATimeoutOnAnIdleConnection) {
    Feeder feeder;
    feeder.client(kGet);
    answer(feeder, kNoContent, 18);
    answer(feeder, kTimeout, 18);
    feeder.client(kGet);
    answer(feeder, kNoContent, 36);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer),
              "1 response x1 204 none 0+18\n"
              "2 response x0 408 content-length 18+37 body 0\n"
              "3 response x2 204 none 55+18\n");
    EXPECT_FALSE(feeder.connection().request_of(kServer, 1));
    EXPECT_EQ(feeder.connection().answer_to(kClient, 1), 2U);
}

TEST(Unsolicited, OnAConnectionThatSentNothing) {
    Feeder feeder;
    answer(feeder, kTimeout, 0);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), "1 response x0 408 content-length 0+37 body 0\n");
}

TEST(Unsolicited, IsNotFramedByTheRequestThatComesNext) {
    Feeder feeder;
    answer(feeder, "HTTP/1.1 408 x\r\nContent-Length: 5\r\n", 0);
    feeder.client("HEAD / HTTP/1.1\r\n\r\n");
    answer(feeder, "\r\nhello", 0);
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), "1 response x0 408 content-length 0+37 body 5\n");
}

TEST(Unsolicited, NotWhereARequestMayHaveBeenMissed) {
    {
        Feeder feeder(Feeder::Options{.syn = false});
        feeder.client(kGet);
        answer(feeder, kNoContent, 18);
        answer(feeder, kTimeout, 18);
        feeder.finish();
        EXPECT_EQ(feeder.connection().exchange(kServer, 1), 2U) << "the capture began later";
    }
    {
        Feeder feeder;
        answer(feeder, kTimeout, 18);  // it acknowledges a request that is captured later
        feeder.client(kGet);
        feeder.finish();
        EXPECT_EQ(feeder.connection().exchange(kServer, 0), 1U);
    }
    {
        Feeder feeder;
        feeder.client("GARBAGE\r\n");
        answer(feeder, kTimeout, 9);
        feeder.finish();
        EXPECT_EQ(feeder.connection().exchange(kServer, 0), 1U) << "it may answer the garbage";
    }
    {
        Feeder feeder;
        feeder.client("GET /sl");
        answer(feeder, kTimeout, 7);
        feeder.finish();
        EXPECT_EQ(feeder.connection().exchange(kServer, 0), 1U) << "a request was begun";
    }
    {
        Feeder feeder;
        feeder.lose(kClient, kGet);
        answer(feeder, kNoContent, 18);
        feeder.finish();
        EXPECT_EQ(feeder.connection().exchange(kServer, 0), 1U) << "it was not captured";
    }
}

}  // namespace
}  // namespace seamark::unsolicited_test
