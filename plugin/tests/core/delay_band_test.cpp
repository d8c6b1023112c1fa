// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the time of events went, as the pictures draw it: rows, shares and times worked out by
// hand. That they are those of -z seamark,latency in real captures is check_page.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/delay_band.hpp"
#include "core/picture/lanes_page.hpp"
#include "core/picture/lanes_svg.hpp"
#include "core/picture/timeline_svg.hpp"
#include "support/legs_world.hpp"
#include "support/timed_response.hpp"
#include "support/xml.hpp"

namespace seamark::delay_band_test {
namespace {

using namespace test;

const std::string kEvents = "Content-Type: text/event-stream\r\n";
constexpr std::int64_t kUs = 1000;

std::string event_chunk(int number) {
    return "a\r\ndata: " + std::to_string(number % 10) + "x\n\n\r\n";
}

/// A proxy collects events that are 10 ms apart, from 13 ms on, and passes them on a millisecond
/// after the last. The request is at the server at 2 ms.
struct Collected {
    explicit Collected(int count) : legs(world, get()) {
        world.answers(legs.up, head(kEvents));  // 3 ms
        std::string all;
        for (int i = 1; i <= count; ++i) {
            world.wait(9);
            world.answers(legs.up, event_chunk(i));
            all += event_chunk(i);
        }
        world.answers(legs.down, head(kEvents) + all + kEnd);
        world.told();
        entries = world.table();
        lanes = gather_lanes(entries, {}, world.legs());
        stacks = stack_legs(entries, lanes, world.legs());
    }
    DelayBands bands() const { return DelayBands(entries, world.legs()); }
    const Lanes& response(const World::Wire& of) const {
        for (const Lanes& one : lanes)
            if (one.entry->connection == &of.connection && !one.request()) return one;
        ADD_FAILURE() << "no such lanes";
        return lanes.front();
    }

    World world;
    Proxied legs;
    std::vector<CaptureEntry> entries;
    std::vector<Lanes> lanes;
    std::vector<StackedLegs> stacks;
};

/// "2..34: sender 11, proxy 21 | …": when and where the time of each row was, in ms; "!": known.
std::string rows(const DelayBand& band) {
    std::string text;
    for (const DelayRow& row : band.rows) {
        if (!text.empty()) text += " | ";
        text += std::to_string(row.when().begin / kMs) + ".." +
                std::to_string(row.when().end / kMs) + ":";
        for (std::size_t i = 0; i < row.columns.size(); ++i) {
            const DelayShare& share = row.delay.shares[i];
            if (share.ns == 0) continue;
            text += " " + std::string(name_of(band.columns[row.columns[i]])) + " " +
                    std::to_string(share.ns / kMs) +
                    (share.confidence == Confidence::kKnown ? "!" : "");
        }
    }
    return text;
}

XmlElement drawn(const std::function<void(const LineSink&)>& write) {
    std::string text;
    write([&](std::string_view line) { text.append(line).append("\n"); });
    const auto svg = parse_xml(text);
    if (!svg) return {};
    expect_sound_picture(*svg);
    return *svg;
}

std::vector<std::string> texts(const XmlElement& svg, std::string_view kind) {
    std::vector<std::string> found;
    for (const XmlElement* text : svg.all("text", kind)) found.push_back(text->text);
    return found;
}
std::size_t count(const std::vector<std::string>& texts, std::string_view text) {
    return static_cast<std::size_t>(std::count(texts.begin(), texts.end(), text));
}

constexpr const char* kThree =
    "2..34: sender 11 proxy 21 | 13..34: sender 10 proxy 11 | 23..34: sender 10 proxy 1";

TEST(DelayBand, IsTheSameOnEachLegAndForBoth) {
    const Collected world(3);
    const DelayBands bands = world.bands();
    for (const World::Wire* wire : {&world.legs.up, &world.legs.down}) {
        const auto found = bands.of(world.response(*wire));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(rows(found[0]), kThree);
        EXPECT_TRUE(found[0].events);
        EXPECT_EQ(found[0].verdict.front(),
                  "Longest, event 2 after 21.000 ms: 11.000 of 21.000 ms in the proxy at h5:80 "
                  "(consistent)");
    }
    ASSERT_EQ(world.stacks.size(), 1U);
    const auto both = bands.of(world.stacks[0]);
    ASSERT_EQ(both.size(), 1U);
    EXPECT_EQ(rows(both[0]), kThree);
    // Events of 10 bytes, one behind the other in the body.
    EXPECT_EQ(both[0].rows[2].body, (BodyRange{BodyOffset{20}, BodyOffset{30}}));
}

TEST(DelayBand, ColumnsAreInTheOrderOfThePath) {
    const Collected world(3);
    const DelayBands bands = world.bands();
    const auto both = bands.of(world.stacks.at(0));
    std::string path;
    for (const DelayColumn& column : both.at(0).columns) path += column.at + "; ";
    EXPECT_EQ(path,
              "sender at h9:8080; wire from h9:8080 to h5:40001; proxy at h5:80; "
              "wire from h5:80 to h1:40000; ");
}

TEST(DelayBand, BytesAreThoseOfTheLegThatIsDrawn) {
    const Collected world(3);
    const Lanes& down = world.response(world.legs.down);
    const auto found = world.bands().of(down);
    const std::uint64_t first = head(kEvents).size() + 3;  // behind the size line
    EXPECT_EQ(down.offset(found.at(0).rows[0].bytes.begin).value, first);
    EXPECT_EQ(down.offset(found.at(0).rows[1].bytes.end).value, first + 15 + 10);
}

TEST(DelayBand, HasTheEventsWhoseLastByteIsDrawn) {
    const Collected world(3);
    // Upstream, frames 4 to 6 carry an event each.
    const auto keep = [](FrameNumber frame) { return frame == FrameNumber{5}; };
    const auto some = gather_lanes(world.entries, keep, world.world.legs());
    ASSERT_EQ(some.size(), 1U);
    const auto found = world.bands().of(some[0]);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(rows(found[0]), "13..34: sender 10 proxy 11");
}

/// Two chunks whose writes are recorded: at 20 and at 50 ms, each captured 4 µs after the call,
/// which takes 10 µs.
struct TwoWrites : Timed {
    TwoWrites() {
        piece(head(), 10'000);
        piece("3\r\nabc\r\n", 20'000);
        piece("3\r\ndef\r\n", 50'000);
    }
    void piece(const std::string& bytes, std::int64_t us) {
        call(EventKind::kWrite, ++writes, here, bytes.size(), us * kUs, (us + 10) * kUs);
        server(bytes, (us + 4) * kUs);
    }
    std::uint64_t writes = 0;
};

TEST(DelayBand, OfChunksWhereThereAreNoEvents) {
    TwoWrites response;
    const auto lanes = response.lanes();
    const DelayBands bands(response.entries, nullptr);
    const auto found = bands.of(lanes.at(0));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].events);
    ASSERT_EQ(found[0].rows.size(), 2U);
    const EventDelay& second = found[0].rows[1].delay;
    // From the first write's entry; the 10 µs inside it are the kernel's.
    EXPECT_EQ(second.begin, 20'000 * kUs);
    ASSERT_GE(second.shares.size(), 2U);
    EXPECT_EQ(second.shares[0].ns, 29'990 * kUs);
    EXPECT_EQ(second.shares[0].confidence, Confidence::kKnown);
    EXPECT_EQ(second.shares[1].ns, 14 * kUs);
    EXPECT_EQ(found[0].rows[1].when().end, 50'004 * kUs);
}

TEST(DelayBand, IsNoneOfASingleChunkAndThenNothingChanges) {
    Timed response;
    response.server(head() + kAbcdef, 10 * kMs);
    response.server(kEnd, 20 * kMs);
    const auto lanes = response.lanes();
    const DelayBands bands(response.entries, nullptr);
    EXPECT_TRUE(bands.of(lanes.at(0)).empty());
    const auto all_of = [&](const DelayBands& delays) {
        std::string text;
        const LineSink sink = [&](std::string_view line) { text.append(line).append("\n"); };
        write_timeline_svg(lanes, sink, {}, lane_table(), delays);
        write_lanes_svg(lanes, sink, {}, lane_table(), delays);
        write_lanes_page(lanes, sink, {}, {}, lane_table(), delays);
        return text;
    };
    EXPECT_EQ(all_of(bands), all_of({}));
}

TEST(DelayPicture, DividesEachEventOverTime) {
    const Collected world(3);
    const DelayBands bands = world.bands();
    const std::vector<Lanes> one{world.response(world.legs.down)};
    const XmlElement svg = drawn(
        [&](const LineSink& sink) { write_timeline_svg(one, sink, {}, lane_table(), bands); });
    const auto proxy = svg.all("rect", "proxy share");
    const auto sender = svg.all("rect", "sender share");
    ASSERT_EQ(proxy.size(), 3U);
    ASSERT_EQ(sender.size(), 3U);
    // All end together; each begins where the sender of its own ends, that of the next one begins.
    const auto end = [](const XmlElement* rect) {
        return rect->number("x") + rect->number("width");
    };
    EXPECT_NEAR(end(proxy[0]), end(proxy[2]), 0.75) << "but for the line around them";
    EXPECT_NEAR(end(sender[0]), sender[1]->number("x"), 1.6);
    EXPECT_LT(proxy[0]->number("y"), proxy[1]->number("y")) << "they overlap: a row each";
    const auto events = svg.all("rect", "event");
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1]->title(),
              "event 2, frame 7: 11.000 of 21.000 ms in the proxy at h5:80 (consistent). All of "
              "it: sender 10.000 ms, wire 0.000 ms, proxy 11.000 ms, wire 0.000 ms");
    EXPECT_EQ(count(texts(svg, "lane"), "time of events"), 1U);
    EXPECT_EQ(count(texts(svg, "note"), "proxy"), 1U) << "the legend";
    EXPECT_EQ(count(texts(svg, "note"), "wire"), 0U) << "nothing waited there";
    EXPECT_EQ(count(texts(svg, "note"),
                    "Time: Longest, event 2 after 21.000 ms: 11.000 of 21.000 ms in the proxy at "
                    "h5:80 (consistent)"),
              1U);
}

TEST(DelayPicture, FillsWhatIsKnown) {
    TwoWrites response;
    const auto lanes = response.lanes();
    const DelayBands bands(response.entries, nullptr);
    const XmlElement svg = drawn(
        [&](const LineSink& sink) { write_timeline_svg(lanes, sink, {}, lane_table(), bands); });
    EXPECT_EQ(count(texts(svg, "lane"), "time of chunks"), 1U);
    EXPECT_EQ(svg.all("rect", "write share").size(), 0U);
    // Three writes, the share, and the colour in the legend.
    EXPECT_EQ(svg.all("rect", "write").size(), 5U);
}

TEST(DelayPicture, DividesNothingWhereTimesRunBack) {
    TwoWrites response;
    // By another clock the second chunk was read 2 ms before it was captured.
    response.call(EventKind::kRead, 1, response.here - 8, 8, 47'990 * kUs, 48'000 * kUs);
    const auto lanes = response.lanes();
    const DelayBands bands(response.entries, nullptr);
    ASSERT_FALSE(bands.of(lanes.at(0)).at(0).rows.at(1).delay.comparable);
    const XmlElement svg = drawn(
        [&](const LineSink& sink) { write_timeline_svg(lanes, sink, {}, lane_table(), bands); });
    // Three writes and the colour in the legend: no share.
    EXPECT_EQ(svg.all("rect", "write").size(), 4U);
    EXPECT_EQ(count(texts(svg, "what"), "2: times run back"), 1U);
}

TEST(DelayPicture, CountsEventsForWhichThereIsNoRow) {
    const Collected world(20);
    const DelayBands bands = world.bands();
    const std::vector<Lanes> one{world.response(world.legs.down)};
    const XmlElement svg = drawn(
        [&](const LineSink& sink) { write_timeline_svg(one, sink, {}, lane_table(), bands); });
    // All wait until 204 ms: the first 16 are the longest.
    EXPECT_EQ(svg.all("rect", "event").size(), 16U);
    EXPECT_EQ(count(texts(svg, "note"), "+4"), 1U);
    EXPECT_TRUE(svg.all("rect", "event").front()->title().starts_with("event 1, "));
}

TEST(DelayPicture, OverBytesHasTheVerdict) {
    const Collected world(3);
    const XmlElement svg = drawn([&](const LineSink& sink) {
        write_lanes_svg(world.lanes, sink, world.stacks, lane_table(), world.bands());
    });
    EXPECT_EQ(count(texts(svg, "note"),
                    "Time: Longest, event 2 after 21.000 ms: 11.000 of 21.000 ms in the proxy at "
                    "h5:80 (consistent)"),
              3U)
        << "of both legs, and of each";
}

TEST(DelayPage, HasEachShareAndNoText) {
    const Collected world(3);
    std::string page;
    write_lanes_page(
        {world.response(world.legs.down)},
        [&](std::string_view line) { page.append(line).append("\n"); }, {}, {}, lane_table(),
        world.bands());
    const std::size_t begin = page.find("\"delays\":[");
    ASSERT_NE(begin, std::string::npos);
    const std::string delays = page.substr(begin, page.find("]}]", begin) - begin);
    for (const char* part :
         {"\"unit\":\"event\"", "\"count\":3", "\"number\":[1,1,1]", "\"size\":[10,10,10]",
          ",0,0],\"frames\":[[4,1,1],[7,0,0]]", "\"flags\":[8,0,0]",
          "\"layer\":\"sender\",\"name\":\"sender\",\"at\":\"sender at h9:8080\","
          "\"ns\":[11000000,10000000,10000000]",
          "\"at\":\"proxy at h5:80\",\"ns\":[21000000,11000000,1000000]",
          "\"at\":\"wire from h5:80 to h1:40000\",\"ns\":0"})
        EXPECT_NE(delays.find(part), std::string::npos) << part << " in " << delays;
}

TEST(DelayPage, OfTwoLegsHasBothOnOneAxisAndWhatTheProxyHeld) {
    const Collected world(3);
    std::string page;
    write_lanes_page(
        world.lanes, [&](std::string_view line) { page.append(line).append("\n"); }, world.stacks,
        {}, lane_table(), world.bands());
    const std::size_t begin = page.find("\"kind\":\"proxy\"");
    ASSERT_NE(begin, std::string::npos);
    const std::string view = page.substr(begin);
    // Events of 10 bytes: at 13, 23 and 33 ms upstream, at 34 ms downstream.
    for (const char* part :
         {"\"layer\":\"proxy\",\"name\":\"held\"", "\"layer\":\"server: ", "\"layer\":\"proxy: ",
          "\"took\":[21000000,11000000,1000000]", "the proxy held bytes for up to 21.000 ms"})
        EXPECT_NE(view.find(part), std::string::npos) << part << " in " << view.substr(0, 6000);
}

}  // namespace
}  // namespace seamark::delay_band_test
