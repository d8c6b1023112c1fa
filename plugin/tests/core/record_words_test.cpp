// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said of TLS: of hellos, of records, and of what is inside.
#include "core/report/record_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/feeder.hpp"
#include "support/tls.hpp"

namespace seamark::record_words_test {
namespace {

using namespace test;

std::span<const std::uint8_t> body_of(const std::string& message) {
    return std::span(reinterpret_cast<const std::uint8_t*>(message.data()), message.size())
        .subspan(4);
}

std::string inside(std::initializer_list<std::string_view> offered, std::uint16_t version,
                   std::string_view chosen) {
    Feeder feeder;
    feeder.client(record(RecordType::kHandshake, client_hello_message(offered), 1));
    if (version > 0) feeder.server(server_hello(version, chosen));
    feeder.finish();
    return words::protocol_inside(feeder.connection());
}

TEST(RecordWords, NameTheProtocolThatTheServerChose) {
    EXPECT_EQ(inside({"h2", "http/1.1"}, 0x0303, "h2"),
              "HTTP/2 (h2), which the server chose (ALPN)");
    EXPECT_EQ(inside({"h2", "http/1.1"}, 0x0303, "http/1.1"),
              "http/1.1, which the server chose (ALPN)");
}

TEST(RecordWords, NameWhatTheClientOffers) {
    EXPECT_EQ(inside({"h2", "http/1.1"}, 0, ""), "h2, http/1.1 offered by the client (ALPN)");
    EXPECT_EQ(inside({"h2"}, 0x0304, ""),
              "h2 offered by the client (ALPN); the server's choice is encrypted");
    EXPECT_EQ(inside({"h2"}, 0x0303, ""), "h2 offered by the client (ALPN); the server chose none");
    EXPECT_EQ(inside({}, 0x0304, ""), "");
}

TEST(RecordWords, ShowAtMostFourProtocolsAndTwentyCharactersOfEach) {
    EXPECT_EQ(inside({"a", "b", "c", "d", "e"}, 0, ""),
              "a, b, c, d … offered by the client (ALPN)");
    EXPECT_EQ(inside({"abcdefghijklmnopqrstu"}, 0, ""),
              "abcdefghijklmnopqrst… offered by the client (ALPN)");
    EXPECT_EQ(inside({"a b\x7f\xc3"}, 0, ""), "a.b.. offered by the client (ALPN)");
}

TEST(RecordWords, SayWhereFramingEnds) {
    Feeder feeder;
    feeder.client(client_hello());
    feeder.client(std::string("\x17\x03\x03\x49\x01", 5) + std::string(20, 'x'));
    feeder.finish();
    const std::size_t at = client_hello().size();
    EXPECT_EQ(words::refused(feeder.stream(kClient)),
              "A TLS record is longer than 2^14 + 2048 bytes (RFC 5246 section 6.2.3), at offset " +
                  std::to_string(at) + ": no record is framed from there on");
    EXPECT_EQ(words::refused(feeder.stream(kServer)), "") << "it has none";
}

TEST(RecordWords, CountRecords) {
    Feeder feeder;
    feeder.client(client_hello());
    feeder.server(server_hello() + sealed(30));
    feeder.finish();
    const Stream& server = feeder.stream(kServer);
    const std::uint64_t end = server_hello().size() + 35;
    const ByteRange all = *server.position({CallOffset{0}, CallOffset{end}});
    EXPECT_EQ(words::tls_part(feeder.connection(), kServer, all), "TLS 1.3, 2 records");
    EXPECT_EQ(words::tls_part(feeder.connection(), kServer, {all.begin, all.begin + 1}),
              "TLS 1.3, 1 record");
}

std::vector<std::string> to_read(std::initializer_list<std::string_view> offered,
                                 std::uint16_t version, std::string_view chosen) {
    Feeder feeder;
    feeder.client(record(RecordType::kHandshake, client_hello_message(offered), 1));
    feeder.server(server_hello(version, chosen));
    feeder.finish();
    return words::how_to_read(feeder.connection(), {});
}

TEST(RecordWords, ASessionThatMayBeHttp2AsksForHttp1) {
    const std::string secrets =
        "What is inside TLS is read where Wireshark decrypts it, for which it needs the secrets of "
        "the session.";
    const std::string http1 =
        "HTTP/2 has no chunks. For HTTP/1.1, let the client offer nothing else.";
    using Lines = std::vector<std::string>;
    EXPECT_EQ(to_read({"h2", "http/1.1"}, 0x0303, "h2"), (Lines{secrets, http1}));
    EXPECT_EQ(to_read({"h2", "http/1.1"}, 0x0303, "http/1.1"), Lines{secrets});
    EXPECT_EQ(to_read({"h2"}, 0x0304, ""), (Lines{secrets, http1})) << "its choice is encrypted";
    EXPECT_EQ(to_read({"h2"}, 0x0303, ""), Lines{secrets}) << "it chose none";
    EXPECT_EQ(to_read({"http/1.1"}, 0x0304, ""), Lines{secrets});
    Feeder clear;
    clear.client("GET / HTTP/1.1\r\n\r\n");
    clear.finish();
    EXPECT_TRUE(words::how_to_read(clear.connection(), {}).empty());
}

TEST(RecordType, HasTheWordOfItsRfc) {
    EXPECT_EQ(to_string(RecordType::kChangeCipherSpec), "change-cipher-spec");
    EXPECT_EQ(to_string(RecordType::kAlert), "alert");
    EXPECT_EQ(to_string(RecordType::kHandshake), "handshake");
    EXPECT_EQ(to_string(RecordType::kApplicationData), "application-data");
    EXPECT_EQ(to_string(RecordType::kHeartbeat), "heartbeat");
    EXPECT_EQ(to_string(RecordType{25}), "unknown");
}

TEST(TlsVersion, IsNamedAsPeopleDo) {
    EXPECT_EQ(version_name(0x0300), "SSL 3.0");
    EXPECT_EQ(version_name(0x0301), "TLS 1.0");
    EXPECT_EQ(version_name(0x0302), "TLS 1.1");
    EXPECT_EQ(version_name(0x0303), "TLS 1.2");
    EXPECT_EQ(version_name(0x0304), "TLS 1.3");
    EXPECT_EQ(version_name(0x0305), "TLS");
}

TEST(TlsHello, HasAtMostSixteenProtocolsAndNoEmptyName) {
    const std::string many = client_hello_message({"0", "", "1", "2", "3", "4", "5", "6", "7", "8",
                                                   "9", "10", "11", "12", "13", "14", "15", "16"});
    const auto hello = parse_hello(1, body_of(many));
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->protocols.size(), 16U);
    EXPECT_EQ(hello->protocols.at(1), "1");
    EXPECT_FALSE(hello->names("16"));
}

}  // namespace
}  // namespace seamark::record_words_test
