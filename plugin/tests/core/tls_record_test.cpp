// SPDX-License-Identifier: GPL-2.0-or-later
//
// Record headers and hellos, byte by byte.
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/tls/hello.hpp"
#include "core/tls/record.hpp"
#include "support/tls.hpp"

namespace seamark::tls_record_test {
namespace {

using namespace test;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::optional<TlsFault> refused(const std::string& header) {
    return refuse_header(bytes_of(header).first<TlsRecord::kHeader>());
}

TEST(TlsRecord, HeaderIsReadAsItStands) {
    const std::string header("\x17\x03\x03\x04\xd2", 5);
    const TlsRecord record =
        parse_record_header(StreamOffset{7}, bytes_of(header).first<TlsRecord::kHeader>());
    EXPECT_EQ(record.type, RecordType::kApplicationData);
    EXPECT_EQ(record.length, 1234);
    EXPECT_EQ(record.minor, 3);
    EXPECT_EQ(record.range(), (ByteRange{StreamOffset{7}, StreamOffset{7 + 5 + 1234}}));
}

TEST(TlsRecord, WhatCannotBeFramedIsRefused) {
    for (const int type : {20, 21, 22, 23, 24})
        EXPECT_EQ(refused(number(static_cast<std::uint64_t>(type), 1) + "\x03\x03\x01\x01"),
                  std::nullopt);
    EXPECT_EQ(refused("\x13\x03\x03\x01\x01"), TlsFault::kBadType);
    EXPECT_EQ(refused("\x19\x03\x03\x01\x01"), TlsFault::kBadType);
    EXPECT_EQ(refused("\x17\x02\x03\x01\x01"), TlsFault::kBadVersion);
    EXPECT_EQ(refused("\x17\x03\x05\x01\x01"), TlsFault::kBadVersion);
    EXPECT_EQ(refused(record_header(RecordType::kApplicationData, 16384 + 2048)), std::nullopt);
    EXPECT_EQ(refused(record_header(RecordType::kApplicationData, 16384 + 2049)),
              TlsFault::kTooLong);
    EXPECT_EQ(refused(record_header(RecordType::kApplicationData, 0)), std::nullopt);
}

TEST(TlsRecord, WhatIsFramedMayBeFaulty) {
    TlsRecord record;
    EXPECT_EQ(fault_of(record, 0), TlsFault::kEmpty);
    record.length = 16384 + 257;
    EXPECT_EQ(fault_of(record, 0x0304), TlsFault::kLong);
    EXPECT_EQ(fault_of(record, 0x0303), std::nullopt);
    EXPECT_EQ(fault_of(record, 0), std::nullopt);  // not known which version it is
    record.length = 16384 + 256;
    EXPECT_EQ(fault_of(record, 0x0304), std::nullopt);
}

TEST(TlsRecord, EveryFaultHasWordAndSentence) {
    for (int i = 0; i < static_cast<int>(TlsFault::kCount); ++i) {
        const auto fault = static_cast<TlsFault>(i);
        EXPECT_TRUE(to_string(fault).starts_with("tls-"));
        EXPECT_NE(describe(fault).find("RFC "), std::string_view::npos);
    }
}

TEST(TlsHelloShape, NeedsTheBytesThatItHas) {
    for (const std::string& hello : {client_hello(), server_hello(), server_hello(0x0301)}) {
        for (std::size_t length = 1; length < kHelloShapeBytes; ++length)
            EXPECT_EQ(hello_shape(bytes_of(hello).first(length)), HelloShape::kNeedMore) << length;
        EXPECT_EQ(hello_shape(bytes_of(hello)), HelloShape::kYes);
        EXPECT_EQ(hello_shape(bytes_of(hello).first(kHelloShapeBytes)), HelloShape::kYes);
    }
    // A hello that is cut into records of one byte.
    EXPECT_EQ(hello_shape(bytes_of(std::string("\x16\x03\x01\x00\x01\x01", 6))), HelloShape::kYes);
}

TEST(TlsHelloShape, IsNoOtherRecordAndNoOtherProtocol) {
    for (const std::string& other :
         {std::string("\x16\x03\x01\x00\x05hello", 10), std::string("GET / HTTP/1.1"),
          std::string("\x16\x03\x03\x00\x2e\x0b\x00\x00\x2a\x03\x03", 11),  // a Certificate
          std::string("\x17\x03\x03\x00\x2e\x01\x00\x00\x2a\x03\x03", 11),
          std::string("\x16\x03\x01\x00\x00\x01", 6),                       // an empty record
          std::string("\x16\x03\x01\x40\x01\x01\x00\x00\x2a\x03\x03", 11),  // above 2^14
          std::string("\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x09\x09", 11)})
        EXPECT_EQ(hello_shape(bytes_of(other)), HelloShape::kNo) << other;
}

TEST(TlsRecordShape, IsEncryptedDataWithARecordAfterIt) {
    const std::string one = sealed(30);
    EXPECT_TRUE(looks_like_record(bytes_of(one)));
    EXPECT_TRUE(looks_like_record(bytes_of(one + sealed(5))));
    EXPECT_TRUE(looks_like_record(bytes_of(one).first(20)));
    EXPECT_FALSE(looks_like_record(bytes_of(one).first(4)));
    EXPECT_FALSE(looks_like_record(bytes_of(one + "GET / HTTP/1.1")));
    EXPECT_FALSE(looks_like_record(bytes_of(sealed(16))));  // no room for a tag and a byte
    EXPECT_FALSE(looks_like_record(bytes_of(record(RecordType::kHandshake, std::string(30, 'x')))));
}

TEST(TlsHello, OffersOfAClient) {
    const std::string message = client_hello_message();
    const auto hello = parse_hello(1, bytes_of(message).subspan(4));
    ASSERT_TRUE(hello);
    EXPECT_TRUE(hello->client);
    EXPECT_EQ(hello->version, 0x0304);  // and not the reserved number in front of it
    EXPECT_EQ(hello->protocols, (std::vector<std::string>{"h2", "http/1.1"}));
    EXPECT_TRUE(hello->names("h2"));
    EXPECT_FALSE(hello->names("h3"));
}

TEST(TlsHello, ChoiceOfAServer) {
    const std::string new_one = server_hello_message(0x0304);
    const std::string old_one = server_hello_message(0x0303, "http/1.1");
    const auto modern = parse_hello(2, bytes_of(new_one).subspan(4));
    const auto old = parse_hello(2, bytes_of(old_one).subspan(4));
    ASSERT_TRUE(modern && old);
    EXPECT_FALSE(modern->client);
    EXPECT_EQ(modern->version, 0x0304);
    EXPECT_TRUE(modern->protocols.empty());
    EXPECT_EQ(old->version, 0x0303);
    EXPECT_EQ(old->protocols, std::vector<std::string>{"http/1.1"});
    EXPECT_EQ(version_name(modern->version), "TLS 1.3");
    EXPECT_EQ(version_name(0), "TLS");
}

TEST(TlsHello, WithoutExtensionsIsWhole) {
    const std::string body =
        number(0x0301, 2) + std::string(32, 's') + prefixed(1, "") + std::string("\x00\x35\x00", 3);
    const auto hello = parse_hello(2, bytes_of(body));
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->version, 0x0301);
}

TEST(TlsHello, NothingIsSaidOfAMalformedOne) {
    const std::string message = client_hello_message();
    const auto body = bytes_of(message).subspan(4);
    // An old client's hello may end where its extensions would begin.
    const std::size_t extensions = 2 + 32 + 1 + 2 + 2 + 1 + 1;
    for (std::size_t length = 0; length < body.size(); ++length)
        EXPECT_EQ(parse_hello(1, body.first(length)).has_value(), length == extensions) << length;
    EXPECT_FALSE(parse_hello(11, body));
}

}  // namespace
}  // namespace seamark::tls_record_test
