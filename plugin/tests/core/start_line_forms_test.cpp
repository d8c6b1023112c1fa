// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a start line is compared by, and what is no start line for its length.
#include <gtest/gtest.h>

#include <string>

#include "support/feeder.hpp"

namespace seamark::start_line_forms_test {
namespace {

using namespace test;

/// By which requests of two legs are compared.
std::uint64_t key(const std::string& line) {
    Feeder feeder;
    feeder.client(line + "\r\n\r\n");
    EXPECT_EQ(feeder.stream(kClient).messages().size(), 1U) << line;
    return feeder.stream(kClient).messages()[0].key;
}

/// RFC 9112 section 3.2: a client asks a proxy in absolute form, the proxy the server in origin
/// form.
TEST(StartLineForms, AbsoluteAndOriginFormAskForTheSame) {
    EXPECT_EQ(key("GET http://a.example/b?c HTTP/1.1"), key("GET /b?c HTTP/1.1"));
    EXPECT_EQ(key("GET http://a.example HTTP/1.1"), key("GET / HTTP/1.1")) << "no path is the root";
    EXPECT_EQ(key("\r\nGET /b HTTP/1.1"), key("GET /b HTTP/1.1")) << "an empty line in front";
    EXPECT_NE(key("GET /b HTTP/1.1"), key("GET /c HTTP/1.1"));
    EXPECT_NE(key("GET /b HTTP/1.1"), key("POST /b HTTP/1.1"));
    EXPECT_NE(key("GET /http://a.example/b HTTP/1.1"), key("GET /b HTTP/1.1"))
        << "what begins with a slash is in origin form";
}

/// It is given up at a limit, and the next segment that begins with a start line is recognised.
TEST(StartLineForms, ALineWithoutEndIsGivenUp) {
    Feeder feeder;
    feeder.server("HTTP/1.1 200 " + std::string(70'000, 'x'));
    feeder.server("HTTP/1.1 204 x\r\n\r\n");
    feeder.finish();
    EXPECT_EQ(feeder.found(kServer), "1 response x1 204 none 70013+18\n");
}

/// The switch of protocols says that nothing after the request is HTTP, bytes in front of which
/// others are missing included.
TEST(StartLineForms, BehindASwitchAHoleChangesNothing) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n");
    feeder.server("HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n");
    feeder.lose(kServer, "lost");
    feeder.server("HTTP/1.1 204 x\r\n\r\n");
    feeder.lose(kClient, "lost");
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.finish();
    EXPECT_EQ(feeder.stream(kServer).messages().size(), 1U);
    EXPECT_EQ(feeder.stream(kClient).messages().size(), 1U);
}

}  // namespace
}  // namespace seamark::start_line_forms_test
