// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/report/lanes_text.hpp"
#include "support/corked.hpp"
#include "support/feeder.hpp"
#include "support/four_lanes.hpp"
#include "support/text.hpp"

namespace seamark::lanes_test {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

Lines text(Feeder& feeder, const FrameFilter& keep = {}) {
    Lines lines;
    const std::vector<CaptureEntry> entries{entry(feeder)};
    write_lanes_text(gather_lanes(entries, keep),
                     [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

FrameFilter only(const std::vector<unsigned>& frames) {
    return [frames](FrameNumber frame) {
        return std::find(frames.begin(), frames.end(), static_cast<unsigned>(frame)) !=
               frames.end();
    };
}

std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

TEST(LanesText, CutsTheBytesAtEverySeamOfFourLanes) {
    Feeder feeder;
    feed_four_lanes(feeder);
    EXPECT_EQ(
        text(feeder),
        (Lines{
            "stream 3, response, exchange 1, 57 bytes, [2001:db8::1]:80 → 192.0.2.1:40000",
            "offset+bytes  write      chunk              segment frame:bytes  cause            "
            "   read",
            "0+47          1 send 47  head               1 1:52               unknown          "
            "   1 recv 57",
            "47+5          2 send 10  1 hex 5 line+data  │                    │                "
            "   │",
            "52+5          │          │ data+end         2 2:5                write "
            "(consistent)  │",
        }));
}

TEST(LanesText, LeavesOutLanesThatAreNotKnown) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\n");  // head 38
    EXPECT_EQ(text(feeder),
              (Lines{
                  "stream 3, request, exchange 1, 18 bytes, 192.0.2.1:40000 → [2001:db8::1]:80",
                  "offset+bytes  chunk  segment frame:bytes",
                  "0+18          head   1 1:18",
                  "",
                  "stream 3, response, exchange 1, 45 bytes, [2001:db8::1]:80 → 192.0.2.1:40000",
                  "offset+bytes  chunk    segment frame:bytes",
                  "0+38          head     1 2:45",
                  "38+5          body 5   │",
                  "43+2          no HTTP  │",
              }));
}

TEST(LanesText, MarksWritesThatOnlyTagsTell) {
    Feeder feeder;
    feeder.server(std::string(kTaggedHead) + "5;w=2-4\r\nhello\r\n0;w=5\r\n\r\n");  // 63, 16, 9
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[1], "offset+bytes  write (tags)  chunk          segment frame:bytes");
    EXPECT_EQ(lines[2], "0+63                        head           1 1:88");
    EXPECT_EQ(lines[3], "63+16         tag 2-4       1 hex 5 whole  │");
    EXPECT_EQ(lines[4], "79+9          tag 5         2 hex 0 whole  │");
}

TEST(LanesText, LetsEventsWinOverTags) {
    Feeder feeder;
    feeder.server(std::string(kTaggedHead) + "5;w=2\r\nhello\r\n");  // 63, 14
    write(feeder, 1, 0, 77);
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[2],
              "0+63          1 send 77  head           1 1:77               write (consistent)");
    EXPECT_EQ(lines[3], "63+14         │          1 hex 5 whole  │                    │");
}

TEST(LanesText, ShowsMissingBytesAndCallsThatWereNotRecorded) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "a\r\n01");
    feeder.lose(kServer, "23456");
    feeder.server("789\r\n");
    call(feeder, EventKind::kWrite, 1, 0, 47, 99);
    write(feeder, 3, 57, 5);
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[2],
              "0+47          1 send 47/99  head               1 1:52               unknown");
    EXPECT_EQ(lines[3], "47+5          not recorded  1 hex a line+data  │                    │");
    EXPECT_EQ(lines[4], "52+5          not recorded  │ data             missing");
    EXPECT_EQ(lines[5],
              "57+5          3 send 5      │ data+end         2 2:5                write "
              "(consistent)");
}

TEST(LanesText, NamesTheCauseWhereASegmentBegins) {
    Feeder feeder;
    feed_corked(feeder);
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[1], "offset+bytes  write      chunk          segment frame:bytes  cause");
    EXPECT_EQ(lines[2],
              "0+47          1 send 47  head           1 1:47               write (consistent)");
    EXPECT_EQ(lines[3],
              "47+10         2 send 10  1 hex 5 whole  2 2:20               cork (known)");
    EXPECT_EQ(lines[4], "57+10         3 send 10  2 hex 5 whole  │                    │");
}

TEST(LanesText, NamesTrailersAndFragments) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "0\r\nA: ");
    feeder.server("b\r\n");
    feeder.server("\r\n" + std::string(kHead) + "1");
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 8u);
    EXPECT_EQ(lines[0],
              "stream 3, response, exchanges 1-2, 106 bytes, [2001:db8::1]:80 → "
              "192.0.2.1:40000");
    EXPECT_EQ(lines[2], "0+47          head x1               1 1:53");
    EXPECT_EQ(lines[3], "47+6          1 hex 0 line+trailer  │");
    EXPECT_EQ(lines[4], "53+3          │ trailer             2 2:3");
    EXPECT_EQ(lines[5], "56+2          │ end                 3 3:50");
    EXPECT_EQ(lines[6], "58+47         head x2               │");
    EXPECT_EQ(lines[7].substr(0, 26), "105+1         no size line");
}

TEST(LanesText, SaysThatCallsCannotBePlacedWithoutTheSyn) {
    Feeder feeder({.syn = false});
    feed_four_lanes(feeder);
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[1],
              "3 recorded calls cannot be placed: the SYN, from which offsets count, was not "
              "captured");
    EXPECT_EQ(lines[2], "offset+bytes  chunk              segment frame:bytes");
}

TEST(LanesText, CountsCallsBehindTheLastCapturedByte) {
    Feeder feeder;
    feed_four_lanes(feeder);
    write(feeder, 3, 57, 100);
    EXPECT_EQ(text(feeder)[1], "1 recorded call stands after the last byte that was captured");
    write(feeder, 4, 157, 100);
    EXPECT_EQ(text(feeder)[1], "2 recorded calls stand after the last byte that was captured");
}

TEST(LanesText, DrawsEachByteOnceAndCountsRetransmissions) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhe");
    feeder.at(kServer, 47, "5\r\nhe");
    feeder.server("llo\r\n");
    const Lines lines = text(feeder);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines[1],
              "1 retransmission not drawn: a byte belongs to the frame that carried it first");
    EXPECT_EQ(lines[4], "47+5          1 hex 5 line+data  │");
    EXPECT_EQ(lines[5], "52+5          │ data+end         2 3:5");
}

TEST(LanesText, SaysHowManyPacketsASegmentIs) {
    WaitingBudget budget;
    Connection connection(budget);
    CapturedSegment segment;
    segment.header.syn = true;
    segment.header.announced_mss = 536;
    segment.header.sequence = RawSequence{99};
    connection.add(kClient, segment);
    connection.add(kServer, segment);
    // 12 bytes of options leave 524 for payload: 1048 bytes are two packets, 1049 three.
    std::string bytes = std::string(kHead) + "3e8\r\n" + std::string(996, 'x');  // 1048
    for (const unsigned frame : {1, 2}) {
        CapturedSegment data;
        data.frame = FrameNumber{frame};
        data.header.options_length = 12;
        data.header.sequence = RawSequence{frame == 1 ? 100U : 1148U};
        data.wire_length = static_cast<std::uint32_t>(bytes.size());
        data.payload = bytes_of(bytes);
        connection.add(kServer, data);
        bytes = std::string(1049, 'x');
    }
    const std::vector<CaptureEntry> entries{{0, &connection, {"a", 1}, {"b", 2}}};
    const std::vector<Lanes> all = gather_lanes(entries, {});
    ASSERT_EQ(all.size(), 1u);
    const auto segments = all[0].pieces(LaneKind::kSegments);
    ASSERT_EQ(segments.size(), 2u);
    EXPECT_EQ(segments[0].as<SegmentPiece>().packets, 2u);
    EXPECT_EQ(segments[1].as<SegmentPiece>().packets, 3u);
    Lines lines;
    write_lanes_text(all, [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_NE(lines[2].find("1 1:1048 ×2"), std::string::npos) << lines[2];
}

TEST(LanesText, KeepsWhatMatchingFramesCarryAndWholeChunks) {
    Feeder feeder;
    feeder.server(std::string(kHead) + "5\r\nhe");  // 0 to 52
    feeder.server("llo\r\n1\r\nx\r\n");             // 52 to 63: chunk 1 to 57, chunk 2 to 63
    feeder.server("2\r\nxy\r\n");                   // 63 to 70
    feeder.server("0\r\n\r\n");                     // 70 to 75
    const Lines second = text(feeder, only({2}));
    ASSERT_EQ(second.size(), 5u);
    EXPECT_EQ(second[0],
              "stream 3, response, exchange 1, 16 bytes, [2001:db8::1]:80 → 192.0.2.1:40000");
    EXPECT_EQ(second[2], "47+5          1 hex 5 line+data  1 1:52");
    EXPECT_EQ(second[3], "52+5          │ data+end         2 2:11");
    EXPECT_EQ(second[4], "57+6          2 hex 1 whole      │");

    const Lines apart = text(feeder, only({1, 4}));
    ASSERT_EQ(apart.size(), 7u);
    EXPECT_EQ(apart[4], "52+5          │ data+end         2 2:11");
    EXPECT_EQ(apart[5], "…") << "bytes that were not chosen";
    EXPECT_EQ(apart[6], "70+5          4 hex 0 whole      4 4:5");

    EXPECT_EQ(text(feeder, only({9})), Lines{});
}

TEST(LanesText, NoLineIsWiderThanAHundredColumnsInTenThousandRows) {
    Feeder feeder;
    // The longest addresses, long digits, long offsets.
    const std::string zeros(300, '0');
    std::string bytes(kHead);
    for (int i = 0; i < 10000; ++i)
        bytes += (i % 100 == 0 ? zeros : "") + "20;x=y\r\n" + std::string(32, 'x') + "\r\n";
    for (std::size_t at = 0; at < bytes.size(); at += 1448) feeder.server(bytes.substr(at, 1448));
    std::uint64_t index = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 42)
        write(feeder, ++index, at, std::min<std::uint64_t>(42, bytes.size() - at));
    call(feeder, EventKind::kRead, 1, 0, bytes.size(), bytes.size());
    feeder.finish();
    const std::string longest = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff";
    const std::vector<CaptureEntry> entries{
        {4000000000, &feeder.connection(), {longest, 65535}, {longest, 65534}}};
    Lines lines;
    write_lanes_text(gather_lanes(entries, {}),
                     [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_GT(lines.size(), 10000u);
    std::size_t widest = 0;
    for (const std::string& line : lines) {
        widest = std::max(widest, columns(line));
        ASSERT_LE(columns(line), 100u) << line;
    }
    EXPECT_GE(widest, 99u) << "the room is used";
    // The names of the columns come again every 50 rows; two lines of heading.
    const auto names = static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(),
                      [](const std::string& line) { return line.starts_with("offset+bytes"); }));
    const std::size_t rows = lines.size() - 2 - names;
    EXPECT_EQ(names, (rows + 49) / 50);
}

/// Whatever the cuts: rows tile what is shown, and each lies within its pieces.
TEST(Lanes, RowsTileTheBytesAndNeverCrossASeam) {
    Feeder feeder;
    std::string bytes(kHead);
    for (int i = 1; i < 60; ++i) bytes += "7\r\nabcdefg\r\n";
    for (std::size_t at = 0; at < bytes.size(); at += 29)
        if (at == 0 || at % 5 != 0) feeder.at(kServer, at, bytes.substr(at, 31));
    std::uint64_t index = 0;
    for (std::size_t at = 3; at + 17 < bytes.size(); at += 19) write(feeder, ++index, at, 17);
    const std::vector<CaptureEntry> entries{entry(feeder)};
    const std::vector<Lanes> all = gather_lanes(entries, only({2, 3, 7, 9}));
    ASSERT_EQ(all.size(), 1u);
    const Lanes& lanes = all[0];
    std::uint64_t bytes_in_rows = 0;
    const auto within = [](const auto& pieces, std::size_t at, ByteRange row) {
        return at == LaneRow::kNone
                   ? std::none_of(pieces.begin(), pieces.end(),
                                  [&](const auto& piece) { return piece.range().overlaps(row); })
                   : intersect(pieces[at].range(), row) == row;
    };
    StreamOffset end;
    for (const LaneRow& row : lane_rows(lanes)) {
        EXPECT_GE(row.range.begin, end);
        EXPECT_FALSE(row.range.empty());
        end = row.range.end;
        bytes_in_rows += row.range.length();
        ASSERT_EQ(row.pieces.size(), lanes.lanes.size());
        for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
            if (lanes.lanes[i].computed) continue;
            EXPECT_TRUE(within(lanes.lanes[i].pieces, row.pieces[i], row.range));
        }
    }
    EXPECT_EQ(bytes_in_rows, lanes.shown_bytes());
    EXPECT_GT(lanes.pieces(LaneKind::kWrites).size(), 3u);
}

}  // namespace
}  // namespace seamark::lanes_test
