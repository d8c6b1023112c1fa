// SPDX-License-Identifier: GPL-2.0-or-later
//
// The framer's own contract: which byte it asks for next. What it finds is tested through Stream.
#include "core/http1/message_framer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/position.hpp"
#include "support/text.hpp"

namespace seamark::message_framer_test {
namespace {

using test::bytes_of;
using test::operator""_at;

constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";                             // 47
constexpr std::string_view kLength = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";  // 41

class MessageFramerTest : public testing::Test {
  protected:
    void SetUp() override { framer.start(100_at); }
    StreamOffset feed(std::string_view bytes, bool begins_segment = true) {
        framer.feed(framer.cursor(), bytes_of(bytes), begins_segment);
        return framer.cursor();
    }

    RequestLog own;
    RequestLog answered;
    MessageFramer framer{own, answered};
};

TEST_F(MessageFramerTest, AsksForTheNextByteOfALine) {
    EXPECT_EQ(feed("HTTP/1.1 2"), 110_at);
    EXPECT_EQ(feed("00 OK\r"), 116_at);
    EXPECT_EQ(feed("\nA: "), 120_at);
    ASSERT_EQ(framer.messages().size(), 1u);
    EXPECT_EQ(framer.messages()[0].head, (ByteRange{100_at, 120_at}));
    EXPECT_FALSE(framer.messages()[0].head_whole);
}

TEST_F(MessageFramerTest, StepsOverChunkDataWhetherCapturedOrNot) {
    EXPECT_EQ(feed(kChunked), 147_at);
    EXPECT_EQ(feed("100\r\nonly these"), 147_at + 5 + 256);
    EXPECT_EQ(feed("\r\n"), 147_at + 5 + 256 + 2);
    EXPECT_TRUE(framer.chunks()[0].ended);
}

TEST_F(MessageFramerTest, StepsOverABodyOfKnownLength) {
    EXPECT_EQ(feed(kLength), 141_at + 1000);
    EXPECT_TRUE(framer.messages()[0].ended);
    EXPECT_EQ(framer.messages()[0].body, (ByteRange{141_at, 1141_at}));
}

TEST_F(MessageFramerTest, TakesBytesThatBeginInFrontOfItsCursor) {
    feed(kLength);
    framer.feed(1000_at, bytes_of(std::string(141, 'x') + "HTTP/1.1 204 x\r\n\r\n"), true);
    ASSERT_EQ(framer.messages().size(), 2u);
    EXPECT_EQ(framer.messages()[1].head, (ByteRange{1141_at, 1159_at}));
}

TEST_F(MessageFramerTest, AsksForNothingMoreWhereNothingCanFollow) {
    struct Case {
        std::string_view bytes;
        Framing framing;
    };
    const Case cases[] = {
        {"HTTP/1.0 200 OK\r\n\r\n", Framing::kClose},
        {"HTTP/1.1 101 x\r\n\r\n", Framing::kNone},
        {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", Framing::kUnknown},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx", Framing::kChunked},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
         Framing::kChunked},
        {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
         Framing::kContentLength},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.bytes);
        MessageFramer fresh(own, answered);
        fresh.start(100_at);
        fresh.feed(100_at, bytes_of(c.bytes), true);
        EXPECT_EQ(fresh.cursor(), MessageFramer::kNever);
        ASSERT_EQ(fresh.messages().size(), 1u);
        EXPECT_EQ(fresh.messages()[0].framing, c.framing);
    }
}

TEST_F(MessageFramerTest, SkipsGarbageToTheEndOfWhatItIsGiven) {
    EXPECT_EQ(feed("\x01garbage"), 108_at);
    EXPECT_EQ(feed("GET / HTTP/1.1\r\n\r\n", false), 126_at);
    EXPECT_TRUE(framer.messages().empty()) << "it begins no segment";
    EXPECT_EQ(feed("GET / HTTP/1.1\r\n\r\n"), 144_at);
    EXPECT_EQ(own.size(), 1u);
    EXPECT_EQ(own.message(0), 0u);
    EXPECT_EQ(own.method(0), Method::kOther);
    EXPECT_EQ(own.method(1), Method::kUnknown);
}

TEST_F(MessageFramerTest, LeavesAHoleInFrontOfTheCursorAlone) {
    feed(kLength);
    framer.skip_hole(500_at);
    EXPECT_EQ(framer.cursor(), 1141_at);
    EXPECT_TRUE(framer.messages()[0].faults.empty());
    framer.skip_hole(1200_at);
    EXPECT_EQ(framer.cursor(), 1200_at);
}

TEST_F(MessageFramerTest, SaysOnceThatProtocolsWereSwitched) {
    EXPECT_FALSE(framer.take_switch());
    feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 101 x\r\n\r\n");
    EXPECT_EQ(framer.take_switch(), 2u);
    EXPECT_FALSE(framer.take_switch());
}

TEST_F(MessageFramerTest, StartsOverFromAnEarlierByte) {
    feed("\x01garbage");
    framer.start(50_at);
    EXPECT_EQ(framer.cursor(), 50_at);
    feed("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(framer.messages().size(), 1u);
}

}  // namespace
}  // namespace seamark::message_framer_test
