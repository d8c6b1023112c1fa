// SPDX-License-Identifier: GPL-2.0-or-later
//
// Records of one direction: found, framed at every cut, over holes, refused.
#include "core/tls/record_framer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/tls.hpp"

namespace seamark::record_framer_test {
namespace {

using namespace test;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// "22:70@0 23:30@75": type, length and place of each.
std::string found(const RecordFramer& framer) {
    std::string out;
    for (const TlsRecord& record : framer.records())
        out += (out.empty() ? "" : " ") + std::to_string(static_cast<int>(record.type)) + ":" +
               std::to_string(record.length) + "@" + std::to_string(record.offset.value);
    return out;
}

/// Feeds what the framer asks for, in pieces of a size.
void feed(RecordFramer& framer, std::string_view stream, std::size_t size) {
    for (std::size_t at = 0; at < stream.size(); at += size) {
        const auto piece = bytes_of(stream.substr(at, size));
        const StreamOffset begin{at};
        if (framer.cursor() >= begin && framer.cursor() < begin + piece.size())
            framer.feed(begin, piece, true);
    }
}

const std::string kClient = client_hello() + record(RecordType::kChangeCipherSpec, "\x01") +
                            sealed(53) + sealed(0) + sealed(100);

TEST(RecordFramer, IsTheSameAtEveryCut) {
    const std::size_t hello = client_hello().size();
    std::string expected = "22:" + std::to_string(hello - 5) + "@0 20:1@" + std::to_string(hello) +
                           " 23:53@" + std::to_string(hello + 6) + " 23:0@" +
                           std::to_string(hello + 6 + 58) + " 23:100@" +
                           std::to_string(hello + 6 + 58 + 5);
    for (std::size_t size = 1; size <= kClient.size(); ++size) {
        RecordFramer framer;
        framer.try_hello(StreamOffset{0});
        feed(framer, kClient, size);
        EXPECT_TRUE(framer.active());
        EXPECT_EQ(found(framer), expected) << size;
        ASSERT_NE(framer.hello(), nullptr) << size;
        EXPECT_TRUE(framer.hello()->client && framer.hello()->names("h2"));
        EXPECT_EQ(framer.cursor().value, kClient.size());
    }
}

TEST(RecordFramer, ReadsAHelloThatIsCutIntoRecords) {
    const std::string message = client_hello_message();
    for (const std::size_t size : {1, 3, 40}) {
        std::string stream;
        for (std::size_t at = 0; at < message.size(); at += size)
            stream += record(RecordType::kHandshake, message.substr(at, size), 1);
        RecordFramer framer;
        framer.try_hello(StreamOffset{0});
        feed(framer, stream, 7);
        ASSERT_NE(framer.hello(), nullptr) << size;
        EXPECT_EQ(framer.hello()->version, 0x0304);
        EXPECT_EQ(framer.records().size(), (message.size() + size - 1) / size);
    }
}

TEST(RecordFramer, OfWhatIsNoHelloNothingIsFound) {
    RecordFramer framer;
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of("\x16\x03\x01\x01\x01nonsense"), true);
    EXPECT_FALSE(framer.trying());
    EXPECT_FALSE(framer.active());
    EXPECT_TRUE(framer.records().empty());
}

TEST(RecordFramer, StepsOverBodiesThatAreMissing) {
    RecordFramer framer;
    const std::string hello = client_hello();
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(hello + sealed(1000).substr(0, 9)), true);
    const StreamOffset next{hello.size() + 1005};
    EXPECT_EQ(framer.cursor(), next);
    framer.feed(next, bytes_of(sealed(20)), true);
    EXPECT_EQ(framer.records().size(), 3U);
}

TEST(RecordFramer, AHoleInTheHelloTakesOnlyWhatItSays) {
    RecordFramer framer;
    const std::string hello = client_hello();
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(hello).first(20), true);
    framer.skip_hole(StreamOffset{30});
    EXPECT_EQ(framer.cursor(), StreamOffset{hello.size()});
    framer.feed(StreamOffset{hello.size()}, bytes_of(sealed(20)), true);
    EXPECT_EQ(framer.records().size(), 2U);
    EXPECT_EQ(framer.hello(), nullptr);
}

TEST(RecordFramer, AHoleInAHeaderIsFollowedByASearch) {
    RecordFramer framer;
    framer.try_hello(StreamOffset{0});
    const std::string hello = client_hello();
    framer.feed(StreamOffset{0}, bytes_of(hello + "\x17\x03"), true);
    framer.skip_hole(StreamOffset{1000});
    EXPECT_TRUE(framer.active());
    framer.feed(StreamOffset{1000}, bytes_of("inside a record" + sealed(30)), true);
    EXPECT_EQ(framer.records().size(), 1U);
    // In mid-segment it is none, nor where no segment begins.
    framer.feed(StreamOffset{1050}, bytes_of(sealed(40)), false);
    EXPECT_EQ(framer.records().size(), 1U);
    framer.feed(StreamOffset{1095}, bytes_of(sealed(50) + sealed(20)), true);
    EXPECT_EQ(framer.records().size(), 3U);
    EXPECT_EQ(framer.records()[1].offset, StreamOffset{1095});
}

TEST(RecordFramer, EndsWhereAHeaderCannotBeFramed) {
    RecordFramer framer;
    const std::string hello = client_hello();
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(hello + "\x17\x03\x03\x49\x01" + sealed(9)), true);
    EXPECT_EQ(framer.records().size(), 1U);
    ASSERT_TRUE(framer.refusal());
    EXPECT_EQ(framer.refusal()->at, StreamOffset{hello.size()});
    EXPECT_EQ(framer.refusal()->fault, TlsFault::kTooLong);
    EXPECT_EQ(framer.cursor(), RecordFramer::kNever);
}

TEST(RecordFramer, EachFindsTheRecordsOfARange) {
    RecordFramer framer;
    framer.resume(StreamOffset{100});
    framer.feed(StreamOffset{100}, bytes_of(sealed(20) + sealed(30) + sealed(40)), true);
    const auto in = [&](std::uint64_t begin, std::uint64_t end) {
        std::string out;
        framer.each({StreamOffset{begin}, StreamOffset{end}},
                    [&](std::uint32_t index, const TlsRecord&) { out += std::to_string(index); });
        return out;
    };
    EXPECT_EQ(in(0, 100), "");
    EXPECT_EQ(in(0, 101), "0");
    EXPECT_EQ(in(124, 125), "0");
    EXPECT_EQ(in(124, 126), "01");
    EXPECT_EQ(in(125, 160), "1");
    EXPECT_EQ(in(0, 1000), "012");
    EXPECT_EQ(in(205, 1000), "");
}

TEST(RecordFramer, ForgetsFromAPositionOn) {
    RecordFramer framer;
    const std::string hello = client_hello();
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(hello + sealed(20)), true);
    framer.forget_from(StreamOffset{hello.size()});
    EXPECT_FALSE(framer.active());
    EXPECT_EQ(framer.records().size(), 1U);
    EXPECT_NE(framer.hello(), nullptr);
    framer.forget_from(StreamOffset{0});
    EXPECT_TRUE(framer.records().empty());
    EXPECT_EQ(framer.hello(), nullptr);
}

TEST(RecordFramer, AHelloThatSaysMoreThanSixtyFourKilobytesIsNotRead) {
    RecordFramer framer;
    framer.try_hello(StreamOffset{0});
    const std::string endless =
        "\x01" + number(0x010000, 3) + number(0x0303, 2) + std::string(40, 'r');
    const std::string stream = record(RecordType::kHandshake, endless, 1) + sealed(20);
    framer.feed(StreamOffset{0}, bytes_of(stream), true);
    EXPECT_EQ(found(framer), "22:46@0 23:20@51");
    EXPECT_EQ(framer.hello(), nullptr);
}

TEST(RecordFramer, AHoleEndsATrial) {
    RecordFramer framer;
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(client_hello()).first(3), true);
    framer.skip_hole(StreamOffset{2});
    EXPECT_TRUE(framer.trying()) << "what is in front of the cursor is no hole";
    framer.skip_hole(StreamOffset{10});
    EXPECT_FALSE(framer.trying());
    EXPECT_FALSE(framer.active());
}

TEST(RecordFramer, ForgetsARefusalFromItsPositionOn) {
    RecordFramer framer;
    const std::string hello = client_hello();
    framer.try_hello(StreamOffset{0});
    framer.feed(StreamOffset{0}, bytes_of(hello + "\x17\x02\x03\x01\x01"), true);
    framer.forget_from(StreamOffset{hello.size() + 1});
    ASSERT_TRUE(framer.refusal());
    EXPECT_EQ(framer.refusal()->fault, TlsFault::kBadVersion);
    framer.forget_from(StreamOffset{hello.size()});
    EXPECT_FALSE(framer.refusal());
    EXPECT_EQ(framer.records().size(), 1U);
}

}  // namespace
}  // namespace seamark::record_framer_test
