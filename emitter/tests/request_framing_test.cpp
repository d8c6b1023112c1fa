// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_framing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::net {
namespace {

using Lines = std::vector<std::string_view>;

/// "chunked", "length N", or the status of the refusal.
std::string outcome(Lines codings, Lines lengths,
                    plan::HttpVersion http = plan::HttpVersion::http_1_1) {
    const auto found = request_framing({.http = http,
                                        .transfer_encoding = std::move(codings),
                                        .content_length = std::move(lengths)});
    if (const auto* refusal = std::get_if<Refusal>(&found)) return std::to_string(refusal->status);
    const auto& framing = std::get<RequestFraming>(found);
    return framing.chunked ? "chunked" : "length " + std::to_string(framing.length);
}

TEST(RequestFraming, IsChunkedIfThatIsTheOnlyCoding) {
    for (const Lines& lines :
         {Lines{"chunked"}, Lines{"Chunked"}, Lines{"CHUNKED"}, Lines{" chunked\t"},
          Lines{"chunked,"}, Lines{",chunked"}, Lines{", ,\tchunked ,"}, Lines{"", "chunked"}}) {
        EXPECT_EQ(outcome(lines, {}), "chunked") << lines.front();
    }
}

TEST(RequestFraming, NoOtherCodingIsTakenForNoBody) {
    for (const Lines& lines : {Lines{"gzip"},
                               Lines{"xchunked"},
                               Lines{"chunkedx"},
                               Lines{"identity"},
                               Lines{"chunke"},
                               Lines{""},
                               Lines{","},
                               Lines{"chunked, gzip"},
                               Lines{"chunked", "gzip"},
                               Lines{"chunked", "identity"},
                               Lines{"chunked, chunked"},
                               Lines{"chunked", "chunked"},
                               Lines{"chunked, gzip, chunked"},
                               Lines{"chunked;foo"},
                               Lines{"chunked;foo=bar"},
                               Lines{"chunked ; q=1"},
                               Lines{"chunked;"},
                               Lines{"chunked foo"},
                               Lines{"foo chunked"},
                               Lines{"\"chunked\""},
                               Lines{"'chunked'"},
                               Lines{"chunked\"a,b\""},
                               Lines{"chun ked"},
                               Lines{"foo=\"a, chunked"},
                               Lines{"foo;a=\", chunked"},
                               Lines{"foo;a=\"\\\", chunked"},
                               Lines{"chunked\x0b"},
                               Lines{"\x0b"
                                     "chunked"},

                               Lines{"[chunked]"},
                               Lines{"chunked:"},
                               Lines{"chunked\xa0"}}) {
        EXPECT_EQ(outcome(lines, {}), "400") << lines.front();
    }
}

TEST(RequestFraming, AnUnknownCodingBeforeChunkedIsNotImplemented) {
    for (const Lines& lines :
         {Lines{"gzip, chunked"}, Lines{"gzip", "chunked"}, Lines{"x-foo,Chunked"},
          Lines{"identity, chunked"}, Lines{"foo;a=b , chunked"}, Lines{"foo;a=\"x, y\", chunked"},
          Lines{"gzip, deflate, chunked"}, Lines{"", "br", ",chunked,"}}) {
        EXPECT_EQ(outcome(lines, {}), "501") << lines.front();
    }
}

TEST(RequestFraming, HasNoCodingInHttp10NorBesideALength) {
    for (const Lines& lines :
         {Lines{"chunked"}, Lines{"gzip"}, Lines{""}, Lines{"gzip, chunked"}}) {
        EXPECT_EQ(outcome(lines, {}, plan::HttpVersion::http_1_0), "400") << lines.front();
        EXPECT_EQ(outcome(lines, {"5"}), "400") << lines.front();
        EXPECT_EQ(outcome(lines, {"0"}), "400") << lines.front();
    }
}

TEST(RequestFraming, IsOneLength) {
    EXPECT_EQ(outcome({}, {}), "length 0");
    EXPECT_EQ(outcome({}, {"0"}), "length 0");
    EXPECT_EQ(outcome({}, {"5"}), "length 5");
    EXPECT_EQ(outcome({}, {"005"}), "length 5");
    EXPECT_EQ(outcome({}, {"5, 5"}), "length 5");
    EXPECT_EQ(outcome({}, {"5", "5"}), "length 5");
    EXPECT_EQ(outcome({}, {"5,5 ,\t05"}), "length 5");
    EXPECT_EQ(outcome({}, {"18446744073709551615"}), "length 18446744073709551615");
    EXPECT_EQ(outcome({}, {"7"}, plan::HttpVersion::http_1_0), "length 7");
}

TEST(RequestFraming, LengthsThatDifferOrAreNoneAreRefused) {
    for (const Lines& lines : {Lines{"5", "6"},
                               Lines{"5, 6"},
                               Lines{"5", "5, 6"},
                               Lines{""},
                               Lines{","},
                               Lines{"5,"},
                               Lines{",5"},
                               Lines{"5", ""},
                               Lines{"+5"},
                               Lines{"-5"},
                               Lines{"-0"},
                               Lines{"0x5"},
                               Lines{"5 5"},
                               Lines{"5.0"},
                               Lines{"5e1"},
                               Lines{"five"},
                               Lines{"5;a"},
                               Lines{"\"5\""},
                               Lines{"18446744073709551616"},
                               Lines{"99999999999999999999999"},
                               Lines{"5\x0b"},
                               Lines{"\xd9\xa5"}}) {
        EXPECT_EQ(outcome({}, lines), "400") << lines.front();
        EXPECT_EQ(outcome({}, lines, plan::HttpVersion::http_1_0), "400") << lines.front();
    }
}

}  // namespace
}  // namespace seamark::net
