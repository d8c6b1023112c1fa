// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/lanes_svg.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/picture/svg_page.hpp"
#include "support/corked.hpp"
#include "support/four_lanes.hpp"

namespace seamark::lanes_svg_test {
namespace {

using namespace test;

std::string svg(Feeder& feeder) {
    std::string all;
    const std::vector<CaptureEntry> entries{entry(feeder)};
    write_lanes_svg(gather_lanes(entries, {}),
                    [&](std::string_view line) { all.append(line).append("\n"); });
    return all;
}

TEST(LanesSvg, DrawsEveryPieceToScaleWithItsNumbers) {
    Feeder feeder;
    feed_four_lanes(feeder);
    const std::string picture = svg(feeder);
    EXPECT_EQ(count(picture, "class=\"write\""), 2u);
    EXPECT_EQ(count(picture, "class=\"other\""), 1u) << "the head";
    EXPECT_EQ(count(picture, "class=\"chunk\""), 1u);
    EXPECT_EQ(count(picture, "class=\"segment\""), 2u);
    EXPECT_EQ(count(picture, "class=\"read\""), 1u);
    EXPECT_EQ(count(picture, "class=\"missing\""), 0u);
    // 57 bytes are 1100 pixels, from 130 on: byte 47 stands at 130 + 47 * 1100 / 57; a pixel parts
    // neighbours, and every other piece is lighter.
    EXPECT_NE(picture.find("<rect class=\"chunk\" x=\"1037.02\" y=\"124\" width=\"191.98\" "
                           "height=\"20\" opacity=\"0.70\">"),
              std::string::npos)
        << picture;
    EXPECT_NE(picture.find("<title>chunk 1: size line 5, 5 bytes of data; 10 bytes at offset 47, "
                           "message 1, exchange 1</title>"),
              std::string::npos);
    EXPECT_NE(picture.find("<title>write 2: send, 10 of 10 bytes at offset 47, at 0.000 ms (event "
                           "in frame 90)</title>"),
              std::string::npos);
    EXPECT_EQ(count(picture, "prefers-color-scheme:dark"), 1u);
    EXPECT_EQ(count(picture, "<script"), 0u);
}

TEST(LanesSvg, DrawsTheResponseFirst) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server(std::string(kHead) + "5\r\nhello\r\n");
    const std::string picture = svg(feeder);
    const auto response = picture.find(", response, exchange 1");
    ASSERT_NE(response, std::string::npos);
    EXPECT_GT(picture.find(", request, exchange 1"), response);
}

TEST(LanesSvg, SaysHowManyPiecesHaveNoRoomForALabel) {
    Feeder feeder;
    std::string bytes(kHead);
    for (int i = 0; i < 30; ++i) bytes += "50\r\n" + std::string(80, 'x') + "\r\n";
    feeder.server(bytes + "0\r\n\r\n");
    const std::string picture = svg(feeder);
    // 2632 bytes are 1100 pixels: the head has 19 of them, the last chunk two.
    EXPECT_EQ(count(picture, ">+2</text>"), 1u) << picture;
}

TEST(LanesSvg, MarksTheCauseAboveTheSegment) {
    Feeder feeder;
    feed_corked(feeder);
    const std::string picture = svg(feeder);
    const auto bar = picture.find("<rect class=\"known\"");
    ASSERT_NE(bar, std::string::npos) << picture;
    EXPECT_NE(picture.find("writes merged: TCP_CORK", bar), std::string::npos) << picture;
    EXPECT_LT(bar, picture.find("<rect class=\"segment\""));
}

TEST(LanesSvg, SaysWhyInTheTitleOfASegment) {
    Feeder feeder;
    feed_corked(feeder);
    EXPECT_NE(
        svg(feeder).find("Bytes of write 2 waited for those of the next: TCP_CORK (known)</title>"),
        std::string::npos);
}

TEST(LanesSvg, LeavesUnknownLanesOutAndDrawsHoles) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "a\r\n01");
    feeder.lose(kServer, "23456");
    feeder.server("789\r\n");
    const std::string picture = svg(feeder);
    EXPECT_EQ(count(picture, ">writes<"), 0u);
    EXPECT_EQ(count(picture, ">reads<"), 0u);
    EXPECT_EQ(count(picture, ">segments<"), 1u);
    EXPECT_NE(picture.find(
                  "<title>missing: 5 bytes at offset 52 that no frame of the capture has</title>"),
              std::string::npos);
    EXPECT_NE(picture.find("; not complete</title>"), std::string::npos);
}

TEST(LanesSvg, EscapesWhatTheStreamSays) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5;a=\"<&>\x01\xff\"\r\nhello\r\n");
    const std::string picture = svg(feeder);
    EXPECT_NE(picture.find("size line 5;a=&quot;&lt;&amp;&gt;\\x01\\xff&quot;, 5 bytes"),
              std::string::npos)
        << picture;
    EXPECT_EQ(xml_escaped("a<b>&\"c\"\n→"), "a&lt;b&gt;&amp;&quot;c&quot;?→");
}

TEST(LanesSvg, SaysWhatItLeavesOutOfALongStream) {
    Feeder feeder;
    std::string bytes(kHead);
    for (int i = 0; i < 20000; ++i) bytes += "5\r\nhello\r\n";
    feeder.server(bytes);
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    const std::string picture = svg(feeder);
    EXPECT_EQ(count(picture, " bytes from offset "), 1u);
    EXPECT_EQ(count(picture, "1 more direction left out here: the picture is full"), 1u)
        << "the request is behind the response";
    EXPECT_LE(count(picture, "class=\"chunk\""), kMostSvgPieces);
    EXPECT_GE(count(picture, "class=\"chunk\""), 5000u);
}

TEST(LanesSvg, IsAPictureWithNothingToDraw) {
    std::string all;
    write_lanes_svg({}, [&](std::string_view line) { all += line; });
    EXPECT_NE(all.find("No HTTP/1.x stream matches."), std::string::npos);
    EXPECT_TRUE(all.ends_with("</svg>"));
}

}  // namespace
}  // namespace seamark::lanes_svg_test
