// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/chunk_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/text.hpp"

namespace seamark::chunk_parser_test {
namespace {

using test::bytes_of;
using test::fault_words;

using Event = ChunkParser::Event;

/// What the parser makes of a body that comes in fragments of that many bytes: "5;x=[0] " for each
/// size line (text, size), then "end N " for each chunk end, "body N/E " for the end of the body
/// (tail and final empty line), "refused" or "more", then the faults of the last chunk.
std::string parse(std::string_view body, std::size_t fragment) {
    ChunkParser parser;
    std::string story;
    const auto bytes = bytes_of(body);
    for (std::size_t at = 0; at < bytes.size();) {
        const auto step = parser.feed(bytes.subspan(at, std::min(fragment, bytes.size() - at)));
        at += step.consumed;
        switch (step.event) {
            case Event::kNeedMore:
                break;
            case Event::kSizeLine:
                story += parser.line() + "=" + std::to_string(parser.size()) + " ";
                at += std::min<std::uint64_t>(parser.size(), bytes.size() - at);
                break;
            case Event::kChunkEnd:
                story += "end " + std::to_string(parser.tail_length()) + " ";
                break;
            case Event::kBodyEnd:
                return story + "body " + std::to_string(parser.tail_length()) + "/" +
                       std::to_string(parser.final_line_length()) + " left " +
                       std::to_string(bytes.size() - at) + " " + fault_words(parser.faults());
            case Event::kRefused:
                return story + "refused at " + std::to_string(at - 1) + " " +
                       fault_words(parser.faults());
        }
    }
    return story + "more " + fault_words(parser.faults());
}

struct Case {
    std::string_view body;
    std::string_view story;
};

void check(std::span<const Case> cases) {
    for (const Case& c : cases)
        for (std::size_t fragment = 1; fragment <= c.body.size(); ++fragment)
            ASSERT_EQ(parse(c.body, fragment), c.story)
                << c.body << "\nin fragments of " << fragment;
}

constexpr Case kSound[] = {
    {"5\r\nhello\r\n0\r\n\r\n", "5=5 end 2 0=0 body 2/2 left 0 "},
    {"5\r\nhello\r\nA\r\n0123456789\r\n000\r\n\r\nHTTP",
     "5=5 end 2 A=10 end 2 000=0 body 2/2 left 4 "},
    {"0\r\n\r\n", "0=0 body 2/2 left 0 "},
    {"aBcDeF\r\n", "aBcDeF=11259375 more "},
    {"ffffffffffffffff\r\n", "ffffffffffffffff=18446744073709551615 more "},
    {"5;w=7-9\r\nhello\r\n", "5;w=7-9=5 end 2 more "},
    {"1;a=\"x;\\\"\r=y\"\r\n", "1;a=\"x;\\\"\r=y\"=1 more bare-cr"},
    {"1;a=\"x;\\\"=y\";b\r\nz\r\n", "1;a=\"x;\\\"=y\";b=1 end 2 more "},
    {"0\r\nSeam: 1\r\nOther: 2\r\n\r\n", "0=0 body 21/2 left 0 "},
    {"0;w=3\r\n\r\n", "0;w=3=0 body 2/2 left 0 "},
};
TEST(ChunkParser, ReadsSoundBodies) {
    check(kSound);
}

constexpr Case kTolerated[] = {
    {"5\nhello\n0\n\n", "5=5 end 1 0=0 body 1/1 left 0 bare-lf"},
    {"5\r\nhello\r\n0\r\n\n", "5=5 end 2 0=0 body 1/1 left 0 bare-lf"},
    {"5 \r\nhello\r\n", "5 =5 end 2 more blank-after-size"},
    {"5 \t;a\r\nhello\r\n", "5 \t;a=5 end 2 more blank-after-size"},
    {"5;\r\nhello\r\n", "5;=5 end 2 more empty-extension-name"},
    {"5;=1\r\nhello\r\n", "5;=1=5 end 2 more empty-extension-name"},
    {"5;a=\r\nhello\r\n", "5;a==5 end 2 more bad-extension"},
    {"5;a=\"x\r\nhello\r\n", "5;a=\"x=5 end 2 more bad-extension"},
    {"5;a@\r\nhello\r\n", "5;a@=5 end 2 more bad-extension"},
    {"5;a\nhello\r\n", "5;a=5 end 2 more bare-lf"},
    {"5;a\rb\r\nhello\r\n", "5;a\rb=5 end 2 more bare-cr"},
    {"5;a\r\r\nhello\r\n", "5;a\r=5 end 2 more bare-cr"},
    {"00000000000000005\r\nhello\r\n", "00000000000000005=5 end 2 more leading-zeros"},
    {"0\r\nno colon\r\n\r\n", "0=0 body 12/2 left 0 bad-trailer-line"},
    {"0\r\nSeam : 1\r\n\r\n", "0=0 body 12/2 left 0 blank-before-colon"},
    {"0\r\nSeam: 1\r\n 2\r\n\r\n", "0=0 body 15/2 left 0 obs-fold"},
    {"0\r\na: b\rc\r\n\r\n", "0=0 body 10/2 left 0 bare-cr"},
    {"0\r\nContent-Length: 5\r\n\r\n", "0=0 body 21/2 left 0 forbidden-trailer-field"},
};
TEST(ChunkParser, ToleratesWithAFault) {
    check(kTolerated);
}

constexpr Case kRefused[] = {
    {"\r\n", "refused at 0 missing-size"},
    {";a\r\n", "refused at 0 missing-size"},
    {" 5\r\n", "refused at 0 missing-size"},
    {"+5\r\n", "refused at 0 missing-size"},
    {"-5\r\n", "refused at 0 missing-size"},
    {"0x5\r\n", "refused at 1 bad-size"},
    {"5_0\r\n", "refused at 1 bad-size"},
    {"5 5\r\n", "refused at 2 bad-size blank-after-size"},
    {"5h\r\n", "refused at 1 bad-size"},
    {"5\rX", "refused at 2 bad-size-line-end"},
    {"5\r\r\n", "refused at 2 bad-size-line-end"},
    {"10000000000000000\r\n", "refused at 16 size-overflow"},
    {"fffffffffffffffff\r\n", "refused at 16 size-overflow"},
    {"5\r\nhelloX", "5=5 refused at 8 bad-chunk-end"},
    {"5\r\nhello\rX", "5=5 refused at 9 bad-chunk-end"},
    {"5\r\nhello\r\r\n", "5=5 refused at 9 bad-chunk-end"},
    {"3\r\nfoo\r\n\r\n", "3=3 end 2 refused at 8 missing-size"},
};
TEST(ChunkParser, RefusesWhatCannotBeFramed) {
    check(kRefused);
}

/// A size line of 64 KiB, line end included, is the longest.
TEST(ChunkParser, LimitsTheSizeLine) {
    constexpr std::size_t kLimit = ChunkParser::kSizeLineLimit;
    const auto line = [](std::string begin, char fill, std::size_t length) {
        begin.resize(length - 2, fill);
        return begin + "\r\n";
    };
    const struct {
        const char* begin;
        char fill;
    } kinds[] = {{"0", '0'}, {"5", ' '}, {"5;", 'a'}};
    for (const auto& kind : kinds) {
        SCOPED_TRACE(kind.begin);
        EXPECT_NE(parse(line(kind.begin, kind.fill, kLimit), kLimit).find("more"),
                  std::string::npos);
        const std::string story = parse(line(kind.begin, kind.fill, kLimit + 1), kLimit + 1);
        EXPECT_NE(story.find("refused at 65536"), std::string::npos) << story.substr(70000);
        EXPECT_NE(story.find("size-line-too-long"), std::string::npos);
    }
}

TEST(ChunkParser, KnowsWhereItStands) {
    ChunkParser parser;
    EXPECT_TRUE(parser.in_size_line());
    EXPECT_TRUE(parser.at_size_line_begin());
    parser.feed(bytes_of("5"));
    EXPECT_TRUE(parser.in_size_line());
    EXPECT_FALSE(parser.at_size_line_begin());
    parser.feed(bytes_of("\r\n"));
    EXPECT_FALSE(parser.in_size_line());
    EXPECT_EQ(parser.line_length(), 3u);
    EXPECT_EQ(parser.digits(), 1u);
    parser.feed(bytes_of("\r\n"));
    EXPECT_TRUE(parser.at_size_line_begin());
}

}  // namespace
}  // namespace seamark::chunk_parser_test
