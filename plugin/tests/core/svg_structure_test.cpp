// SPDX-License-Identifier: GPL-2.0-or-later
//
// The pictures as XML: which elements, with which titles, where. Times and places worked out by
// hand.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/picture/lanes_svg.hpp"
#include "core/picture/svg_page.hpp"
#include "core/picture/timeline_svg.hpp"
#include "support/four_lanes.hpp"
#include "support/legs_world.hpp"
#include "support/timed_response.hpp"
#include "support/xml.hpp"

namespace seamark::svg_structure_test {
namespace {

using namespace test;

constexpr std::int64_t kMillisecond = 1000000;

template <typename Write>
XmlElement drawn(Write write) {
    std::string text;
    write([&](std::string_view line) { text.append(line).append("\n"); });
    const auto svg = parse_xml(text);
    if (!svg) return {};
    expect_sound_picture(*svg);
    return *svg;
}

XmlElement over_bytes(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& legs = {}) {
    return drawn([&](const LineSink& sink) { write_lanes_svg(lanes, sink, legs); });
}
XmlElement over_time(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& legs = {}) {
    return drawn([&](const LineSink& sink) { write_timeline_svg(lanes, sink, legs); });
}

/// The texts of a class, in document order.
std::vector<std::string> texts(const XmlElement& svg, std::string_view kind) {
    std::vector<std::string> found;
    for (const XmlElement* text : svg.all("text", kind)) found.push_back(text->text);
    return found;
}

bool any_has(const std::vector<std::string>& texts, std::string_view part) {
    for (const std::string& text : texts)
        if (text.find(part) != std::string::npos) return true;
    return false;
}

TEST(SvgPage, EscapesWhatXmlDoesNotAllow) {
    SvgPage page;
    page.text(1.5, 2, "note", "a<b>&\"c\"\x01");
    page.rect(0, 0.05, 10, 4.25, "write", "1 < 2");
    page.rect(0, 0, 1, 1, "read");
    page.line(1, 2, 3, 4, "link");
    page.tick(5, 6, 7);
    const XmlElement svg = drawn([&](const LineSink& sink) { page.write(20, sink); });
    ASSERT_EQ(svg.all("text").size(), 1U);
    EXPECT_EQ(svg.all("text")[0]->text, "a<b>&\"c\"?");
    EXPECT_EQ(svg.all("text")[0]->number("x"), 1.5);
    const XmlElement* write = svg.all("rect", "write").at(0);
    EXPECT_EQ(write->title(), "1 < 2");
    EXPECT_EQ(write->attribute("y"), "0.05");
    EXPECT_EQ(write->attribute("height"), "4.25");
    EXPECT_TRUE(svg.all("rect", "read").at(0)->children.empty());
    EXPECT_EQ(svg.all("path", "link").at(0)->attribute("d"), "M1 2L3 4");
    EXPECT_EQ(svg.all("path", "tick").at(0)->attribute("d"), "M5 6v7");
    EXPECT_EQ(svg.attribute("height"), "20");
}

TEST(SvgPage, StepsAreOneTwoOrFiveTimesAPowerOfTen) {
    const std::pair<std::uint64_t, std::uint64_t> steps[] = {
        {0, 1}, {1, 1}, {2, 2}, {3, 5}, {6, 10}, {11, 20}, {21, 50}, {51, 100}, {999, 1000}};
    for (const auto& [number, step] : steps) EXPECT_EQ(round_step(number), step) << number;
    constexpr std::uint64_t kHuge = ~std::uint64_t{0};
    EXPECT_EQ(round_step(kHuge), kHuge);
}

TEST(LanesSvgStructure, HasEachLaneWithItsPieces) {
    Feeder feeder;
    feed_four_lanes(feeder);
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const XmlElement svg = over_bytes(gather_lanes(entries, {}));
    EXPECT_EQ(svg.all("rect", "write").size(), 2U);
    EXPECT_EQ(svg.all("rect", "chunk").size(), 1U);
    EXPECT_EQ(svg.all("rect", "other").size(), 1U) << "the head";
    EXPECT_EQ(svg.all("rect", "segment").size(), 2U);
    EXPECT_EQ(svg.all("rect", "read").size(), 1U);
    // 57 bytes: writes of 47 and 10, segments of 52 and 5, side by side on one scale.
    const auto writes = svg.all("rect", "write");
    const auto segments = svg.all("rect", "segment");
    EXPECT_EQ(writes[0]->number("x"), segments[0]->number("x"));
    EXPECT_LT(writes[1]->number("x"), segments[1]->number("x"));
    EXPECT_NE(writes[1]->title().find("write 2: send, 10 of 10 bytes at offset 47"),
              std::string::npos)
        << writes[1]->title();
    for (const char* lane : {"writes", "chunks", "segments", "reads"})
        EXPECT_TRUE(any_has(texts(svg, "lane"), lane)) << lane;
}

TEST(LanesSvgStructure, DrawsWhatIsMissing) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "8\r\nso");
    feeder.lose(kServer, "uth");
    feeder.server("ern\r\n0\r\n\r\n");
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const XmlElement svg = over_bytes(gather_lanes(entries, {}));
    ASSERT_EQ(svg.all("rect", "missing").size(), 1U);
    EXPECT_NE(svg.all("rect", "missing")[0]->title().find("3 bytes at offset 52"),
              std::string::npos)
        << svg.all("rect", "missing")[0]->title();
}

TEST(LanesSvgStructure, SaysHowManyDirectionsWereLeftOut) {
    // Each direction has some 3,000 pieces in the lane of chunks: four fill a picture.
    Feeder feeder;
    std::string body(kHead);
    for (int i = 0; i < 3000; ++i) body += "1\r\nx\r\n";
    feeder.server(body + "0\r\n\r\n");
    const CaptureEntry one = entry(feeder);
    const std::vector<CaptureEntry> entries(8, one);
    const XmlElement svg = over_bytes(gather_lanes(entries, {}));
    EXPECT_TRUE(any_has(texts(svg, "note"), "left out here: the picture is full"));
    // The shades over size lines and line ends belong to their chunks.
    EXPECT_LE(svg.all("rect").size() - svg.all("rect", "frame").size(), kMostSvgPieces + 100);
    const XmlElement timed = over_time(gather_lanes(entries, {}));
    EXPECT_TRUE(any_has(texts(timed, "note"), "left out here: the picture is full"));
    EXPECT_LE(timed.all("rect").size(), kMostSvgPieces + 100);
}

TEST(TimelineSvgStructure, DrawsToScaleFromTheFirstSegmentOn) {
    Timed timed;
    timed.server(std::string(kHead) + "5\r\nhe", 1 * kMillisecond);
    timed.server("llo\r\n", 3 * kMillisecond);
    timed.call(EventKind::kWrite, 1, 0, 52, 500'000, 1'500'000);
    timed.call(EventKind::kWrite, 2, 52, 5, 2 * kMillisecond, 3 * kMillisecond);
    timed.call(EventKind::kRead, 1, 0, 57, 3 * kMillisecond, 4 * kMillisecond);
    const XmlElement svg = over_time(timed.lanes());
    const auto writes = svg.all("rect", "write");
    const auto segments = svg.all("rect", "segment");
    const auto reads = svg.all("rect", "read");
    ASSERT_EQ(writes.size(), 2U);
    ASSERT_EQ(segments.size(), 2U);
    ASSERT_EQ(reads.size(), 1U);
    // Widths are durations: both writes last 1 ms, so does the read.
    EXPECT_DOUBLE_EQ(writes[0]->number("width"), writes[1]->number("width"));
    EXPECT_NEAR(reads[0]->number("width"), writes[0]->number("width"), 0.02);
    // 2 ms between the segments, 1.5 ms between the writes' entries.
    const double ms = writes[0]->number("width");
    EXPECT_NEAR(segments[1]->number("x") - segments[0]->number("x"), 2 * ms, 0.05);
    EXPECT_NEAR(writes[1]->number("x") - writes[0]->number("x"), 1.5 * ms, 0.05);
    // A chunk lasts from the capture of its first byte to that of its last.
    ASSERT_EQ(svg.all("rect", "chunk").size(), 1U);
    EXPECT_NEAR(svg.all("rect", "chunk")[0]->number("width"), 2 * ms, 0.05);
    // Lines: segment 1 with write 1, segment 2 with write 2, head, chunk twice, the read twice.
    EXPECT_EQ(svg.all("path", "link").size(), 7U);
    EXPECT_TRUE(any_has(texts(svg, "axis"), "0.000 ms"));
    EXPECT_TRUE(any_has(texts(svg, "heading"), "stream 3, response, exchange 1, 57 bytes"));
}

TEST(TimelineSvgStructure, GoesOnInFurtherBands) {
    Timed timed;
    timed.server(kHead, 0);
    // Busy for 400 ms with nothing idle: longer than one band.
    for (int i = 1; i <= 400; ++i) timed.server("1\r\nx\r\n", i * kMillisecond);
    for (int i = 0; i < 40; ++i) {
        const std::uint64_t from = i == 0 ? 0 : 47 + 60 * (static_cast<std::uint64_t>(i) - 1);
        const std::int64_t entered = std::int64_t{i == 0 ? 0 : i - 1} * 10 * kMillisecond;
        timed.call(EventKind::kWrite, static_cast<std::uint64_t>(i) + 1, from, i == 0 ? 47 : 60,
                   entered, entered + 200'000);
    }
    const XmlElement svg = over_time(timed.lanes());
    std::size_t lanes = 0;
    for (const std::string& text : texts(svg, "lane")) lanes += text == "segments" ? 1 : 0;
    EXPECT_GT(lanes, 1U) << "one band";
    // Nothing is drawn twice but what reaches over an edge; each segment stands once.
    EXPECT_EQ(svg.all("rect", "segment").size(), 401U);
    EXPECT_GE(svg.all("rect", "write").size(), 40U);
}

TEST(TimelineSvgStructure, StacksWhatHappensAtOneTime) {
    Timed timed;
    timed.server(std::string(kHead) + "5\r\nhello\r\n0\r\n\r\n", kMillisecond);
    for (std::uint64_t i = 0; i < 12; ++i)
        timed.call(EventKind::kWrite, i + 1, i * 5, 5, 0, kMillisecond);
    const XmlElement svg = over_time(timed.lanes());
    std::map<double, int> rows;
    for (const XmlElement* write : svg.all("rect", "write")) ++rows[write->number("y")];
    EXPECT_EQ(rows.size(), 8U) << "no lane has more rows than that";
}

TEST(TimelineSvgStructure, SaysWhereNothingHasATime) {
    // Known from tags alone, in a frame that a read filter dropped: no moment is left.
    const XmlElement nothing = over_time({});
    EXPECT_TRUE(any_has(texts(nothing, "heading"), "No HTTP/1.x stream matches."));
    EXPECT_TRUE(nothing.all("rect", "write").empty());
}

TEST(TimelineSvgStructure, PutsBothLegsOfAProxyOnOneAxis) {
    World world;
    Joined legs(world);
    World::writes(legs.up, 1, 0, 70, 90);
    World::writes(legs.down, 1, 0, 70, 91);
    world.told();
    const auto entries = world.table();
    const auto lanes = gather_lanes(entries, {}, world.legs());
    const auto stacks = stack_legs(entries, lanes, world.legs());
    ASSERT_EQ(stacks.size(), 1U);
    const XmlElement svg = over_time(lanes, stacks);
    EXPECT_TRUE(any_has(texts(svg, "note"), "Both legs on one axis"));
    const XmlElement bytes = over_bytes(lanes, stacks);
    EXPECT_FALSE(bytes.all("rect", "held").empty());
    EXPECT_TRUE(any_has(titles(bytes, "held"), "held 2.000 ms"));

    const std::vector<StackedLegs> many(500, stacks[0]);
    EXPECT_TRUE(any_has(texts(over_time(lanes, many), "note"), "left out here"));
    EXPECT_TRUE(any_has(texts(over_bytes(lanes, many), "note"), "left out here"));
}

}  // namespace
}  // namespace seamark::svg_structure_test
