// SPDX-License-Identifier: GPL-2.0-or-later
//
// One direction, every byte captured: recognition, framing, order of arrival.
#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"

namespace seamark {
namespace {

using namespace test;
using std::string_literals::operator""s;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";  // 47
constexpr std::string_view kGet = "GET / HTTP/1.1\r\n\r\n";                                  // 18

TEST(Stream, ReadsOneResponse) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5;w=1\r\nhello\r\n0\r\n\r\n"}),
              "1 response x1 200 chunked 0+47\n"
              "  5;w=1 @47 1:14 complete\n"
              "  0 @61 1:5 complete\n");
}

TEST(Stream, KnowsWhichFrameBroughtEachByte) {
    EXPECT_EQ(found_in(kServer, {std::string(kHead) + "5\r", "\nhel", "lo\r", "\n0\r\n\r\n"}),
              "1 response x1 200 chunked 0+47\n"
              "  5 @47 1:2 2:4 3:3 4:1 complete\n"
              "  0 @57 4:5 complete\n");
}

}  // namespace
}  // namespace seamark
