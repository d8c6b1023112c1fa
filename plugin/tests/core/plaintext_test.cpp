// SPDX-License-Identifier: GPL-2.0-or-later
//
// HTTP inside TLS: decrypted records, given to the connection as Wireshark gives them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/lanes/lanes.hpp"
#include "core/stream/unread.hpp"
#include "support/sealed.hpp"

namespace seamark::plaintext_test {
namespace {

using namespace test;

TEST(Plaintext, RowsHaveTheFramesOfTheirRecords) {
    Sealed tls;
    tls.send(kClient, kPlainGet);  // frame 3
    tls.send(kServer, kPlainHead);
    tls.send(kServer, "5\r\nhello\r\n");
    tls.send(kServer, "5\r\nworld\r\n", 20);  // 6 and 7
    tls.send(kServer, "0\r\n\r\n");
    EXPECT_EQ(tls.rows(),
              "1 @47 [[5,32]] in [3] true\n"
              "2 @57 [[6,20],[7,12]] in [4] true\n"
              "3 @67 [[8,27]] in [5] true\n");
}

TEST(Plaintext, ARecordOfTwoChunksCountsInBoth) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
    const std::string all =
        "[[3," + std::to_string(47 + 6 + 7 + 5 + kOverhead + 5) + "]] in [2] true\n";
    EXPECT_EQ(tls.rows(), "1 @47 " + all + "2 @53 " + all + "3 @60 " + all);
}

TEST(Plaintext, AChunkOfTwoRecordsHasTheFramesOfBoth) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "5\r\nhel");
    tls.send(kServer, "lo\r\n0\r\n\r\n");
    EXPECT_EQ(tls.rows(), "1 @47 [[3,75],[4,31]] in [2,3] true\n2 @57 [[4,31]] in [3] true\n");
}

TEST(Plaintext, AHandshakeInsideIsNoData) {
    Sealed tls;
    const unsigned frame = tls.feeder.server(sealed(40 + kOverhead) + sealed(47 + kOverhead));
    tls.decrypt(kServer, frame, std::string(40, 'h'), 22);
    tls.decrypt(kServer, frame, kPlainHead);
    tls.send(kServer, "0\r\n\r\n");
    EXPECT_EQ(tls.rows(), "1 @47 [[4,27]] in [4] true\n");
}

TEST(Plaintext, ARecordThatWasNotDecryptedIsAHole) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "100\r\n" + std::string(20, 'x'));
    tls.feeder.server(sealed(50 + kOverhead));
    tls.send(kServer, "rest");
    EXPECT_EQ(tls.rows().substr(0, 6), "1 @47 ");
    EXPECT_NE(tls.rows().find("false"), std::string::npos) << tls.rows();
}

/// Two records in a segment, of which only the second was decrypted: as long as the first.
TEST(Plaintext, AHeaderSaysWhichRecordItIs) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "16\r\n0123456789");  // frame 3
    const std::uint64_t second = tls.feeder.here(kServer) + 5 + 12 + kOverhead;
    const unsigned frame = tls.feeder.server(sealed(12 + kOverhead) + sealed(12 + kOverhead));
    tls.decrypt(kServer, frame, "\r\n5\r\nhello\r\n", 23,
                RawSequence{static_cast<std::uint32_t>(1000 + second)});
    // The hole is as long as the record's plaintext was, so that framing goes on behind it.
    EXPECT_EQ(tls.rows(),
              "1 @47 [[3,83],[4,34]] in [2,4] false\n"
              "2 @75 [[4,34]] in [4] true\n");
}

/// A record that is padded: how long the one after it was is not known any more.
TEST(Plaintext, FramingDoesNotGoOnOverAHoleOfUnknownLength) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "16\r\n01234");
    const unsigned frame = tls.feeder.server(sealed(5 + kOverhead + 9));
    tls.decrypt(kServer, frame, "56789");
    tls.feeder.server(sealed(12 + kOverhead));
    tls.send(kServer, "\r\n5\r\nhello\r\n");
    EXPECT_EQ(tls.rows(), "1 @47 [[3,78],[4,36]] in [2,3] false\n");
}

/// Wireshark decrypts a record without data, and does not list it.
TEST(Plaintext, RecordsWithoutDataInTls10AreNoHole) {
    constexpr std::size_t kCbc = 20 + 16;  // MAC and padding of what is shorter than a block
    Sealed tls(0x0301);
    const auto send = [&](const std::string& plaintext) {
        const std::size_t padded = (plaintext.size() + 16) / 16 * 16;
        tls.feeder.server(sealed(kCbc));
        tls.decrypt(kServer, tls.feeder.server(sealed(padded + 20)), plaintext);
    };
    send(kPlainHead);
    send("5\r\nhello\r\n");
    send("0\r\n\r\n");
    EXPECT_EQ(tls.rows(), "1 @47 [[6,41]] in [5] true\n2 @57 [[8,41]] in [7] true\n");
}

TEST(Plaintext, TheEndOfTheConnectionEndsWhatIsInside) {
    Sealed tls;
    tls.send(kServer, "HTTP/1.0 200 OK\r\n\r\nbody");
    tls.feeder.fin(kServer);
    tls.feeder.finish();
    ASSERT_NE(tls.feeder.connection().plain(), nullptr);
    const MessageIndex messages = tls.feeder.connection().plain()->stream(kServer).messages();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_FALSE(messages[0].cut().has_value());
}

TEST(Plaintext, Http2IsNamed) {
    Sealed tls;
    tls.send(kClient, std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    tls.feeder.finish();
    ASSERT_NE(tls.feeder.connection().plain(), nullptr);
    EXPECT_TRUE(is_http2(*tls.feeder.connection().plain()));
}

TEST(Plaintext, LanesHaveTheChunksAmongTheRecords) {
    Sealed tls;
    tls.send(kServer, kPlainHead + "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
    tls.feeder.finish();
    const std::vector<CaptureEntry> entries{
        {0, &tls.feeder.connection(), {"10.0.0.1", 1}, {"10.0.0.2", 2}}};
    const std::vector<Lanes> lanes = gather_lanes(entries, {});
    std::string found;
    for (const Lanes& of : lanes)
        for (const LanePiece& piece : of.pieces(LaneKind::kChunks))
            found += std::to_string(of.offset(piece.range().begin).value) + "+" +
                     std::to_string(piece.range().length()) + " ";
    // The record begins where the hello ends; its first and last bytes go with head and last chunk.
    const std::size_t at = server_hello().size();
    const auto place = [&](std::size_t begin, std::size_t length) {
        return std::to_string(at + begin) + "+" + std::to_string(length) + " ";
    };
    EXPECT_EQ(found, place(0, 5 + 47) + place(52, 6) + place(58, 7) + place(65, 5 + kOverhead));
}

TEST(Plaintext, NothingIsThereWithoutKeys) {
    Sealed tls;
    tls.feeder.server(sealed(100));
    EXPECT_EQ(tls.rows(), "nothing was decrypted");
}

TEST(Plaintext, ACloseNotifyEndsTheBodyThatLastsToIt) {
    Sealed tls;
    tls.send(kServer, "HTTP/1.0 200 OK\r\n\r\nbody");
    tls.send(kServer, "more");
    const std::string alert("\x01\x00", 2);
    const unsigned frame = tls.feeder.server(sealed(2 + kOverhead));
    tls.decrypt(kServer, frame, alert, 21);
    tls.feeder.finish();
    ASSERT_NE(tls.feeder.connection().plain(), nullptr);
    const MessageIndex messages = tls.feeder.connection().plain()->stream(kServer).messages();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_FALSE(messages[0].cut().has_value());
}

}  // namespace
}  // namespace seamark::plaintext_test
