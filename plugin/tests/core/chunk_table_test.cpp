// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/chunk_table.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/corked.hpp"
#include "support/feeder.hpp"
#include "support/recorded_call.hpp"

namespace seamark::chunk_table_test {
namespace {

using namespace test;

using Lines = std::vector<std::string>;

struct Table {
    Lines rows;
    Lines complaints;
};

CaptureEntry entry_of(Feeder& feeder, std::uint32_t stream = 3) {
    feeder.finish();
    return {stream, &feeder.connection(), {"192.0.2.1", 40000}, {"2001:db8::1", 80}};
}

Table json(const std::vector<CaptureEntry>& entries, const FrameFilter& keep = {}) {
    Table table;
    write_chunk_json(
        entries, nullptr, keep, [&](std::string_view line) { table.rows.emplace_back(line); },
        [&](std::string_view line) { table.complaints.emplace_back(line); });
    return table;
}

Lines text(const std::vector<CaptureEntry>& entries, const FrameFilter& keep = {}) {
    Lines lines;
    write_chunk_text(entries, keep, [&](std::string_view line) { lines.emplace_back(line); });
    return lines;
}

const std::string kTagged =
    "HTTP/1.1 200 OK\r\nSeamark: tag=w\r\nTransfer-Encoding: chunked\r\n\r\n";  // 63

TEST(ChunkTable, WritesOneJsonObjectAChunk) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server(kTagged + "5;w=2-4\r\nhel");
    feeder.server("lo\r\n0;w=5\r\n\r\n");
    const Table table = json({entry_of(feeder)});
    EXPECT_EQ(
        table.rows,
        (Lines{
            R"({"stream":3,"src":"2001:db8::1","sport":80,"dst":"192.0.2.1","dport":40000,"dir":"response",)"
            R"("message":1,"exchange":1,"chunk":1,"hex":"5","size":5,"ext":";w=2-4","offset":63,)"
            R"("header_len":9,"data_len":5,"frames":[[2,12],[3,4]],"first_frame":2,"last_frame":3,)"
            R"("complete":true,"writes":[2,3,4],"faults":[],"time_ns":0,"spread_ns":0,)"
            R"("after_request_ns":0})",
            R"({"stream":3,"src":"2001:db8::1","sport":80,"dst":"192.0.2.1","dport":40000,"dir":"response",)"
            R"("message":1,"exchange":1,"chunk":2,"hex":"0","size":0,"ext":";w=5","offset":79,)"
            R"("header_len":7,"data_len":0,"frames":[[3,9]],"first_frame":3,"last_frame":3,)"
            R"("complete":true,"writes":[5],"faults":[],"time_ns":0,"spread_ns":0,"after_request_ns":0})"}));
    EXPECT_EQ(table.complaints, Lines{});
}

std::string value(const std::string& row, const std::string& key) {
    const auto at = row.find("\"" + key + "\":");
    if (at == std::string::npos) return "(no " + key + ")";
    const auto begin = at + key.size() + 3;
    std::size_t depth = 0;
    bool quoted = false;
    for (auto end = begin; end < row.size(); ++end) {
        if (row[end] == '\\') {
            ++end;
        } else if (row[end] == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            if (row[end] == '[') ++depth;
            if (row[end] == ']') --depth;
            if ((row[end] == ',' || row[end] == '}') && depth == 0)
                return row.substr(begin, end - begin);
        }
    }
    return row.substr(begin);
}

TEST(ChunkTable, NamesTheHighestWriteThatATagCanName) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server(kTagged + "1;w=18446744073709551614-18446744073709551615\r\nx\r\n0\r\n\r\n");
    EXPECT_EQ(value(json({entry_of(feeder)}).rows.at(0), "writes"),
              "[18446744073709551614,18446744073709551615]");
}

TEST(ChunkTable, NamesTheCausesOfTheSegmentsThatCarryAChunk) {
    Feeder feeder;
    feed_corked(feeder);
    const auto rows = json({entry_of(feeder)}).rows;
    ASSERT_EQ(rows.size(), 2u);
    for (const std::string& row : rows)
        EXPECT_EQ(value(row, "causes"),
                  R"([{"kind":"merge","cause":["cork"],"confidence":"known","frames":[2]}])");
    const Lines lines = text({entry_of(feeder)});
    ASSERT_GE(lines.size(), 2u);
    EXPECT_EQ(lines[1].substr(lines[1].find("2:10")), "2:10  merge: cork (known)");
}

TEST(ChunkTable, CountsTheSegmentsOfAChunkThatHaveOneCause) {
    Feeder feeder;
    feeder.server(kTagged + "14\r\n0123456789");
    feeder.server("0123456789\r\n");
    feeder.at(kServer, 63, "14\r\n0123456789");  // again: carried by none of the chunk's bytes
    const std::vector<std::uint64_t> ends{77, 89};
    for (std::uint64_t i = 0; i < ends.size(); ++i) {
        const std::uint64_t begin = i == 0 ? 0 : ends[0];
        IoEvent event = recorded_call(EventKind::kWrite, i + 1, begin, ends[i] - begin);
        event.state = KernelState{};
        feeder.connection().add_event(kServer, event, FrameNumber{90});
    }
    const auto rows = json({entry_of(feeder)}).rows;
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(value(rows[0], "causes"),
              R"([{"kind":"whole","cause":["write"],"confidence":"consistent","frames":[1,2]}])");
    const Lines lines = text({entry_of(feeder)});
    ASSERT_GE(lines.size(), 2u);
    EXPECT_NE(lines[1].find("1:14 2:12  whole: write (consistent) ×2"), std::string::npos)
        << lines[1];
}

TEST(ChunkTable, EscapesExtensions) {
    Feeder feeder;
    feeder.server(kTagged + "5;a=\"\\\"\x01\x7f\xff/\"\r\nhello\r\n");
    const Table table = json({entry_of(feeder)});
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(value(table.rows[0], "ext"), R"(";a=\"\\\"\u0001\u007f\u00ff/\"")");
    EXPECT_EQ(value(table.rows[0], "faults"), R"(["bad-extension"])");
}

TEST(ChunkTable, KeepsSixtyFourBitsAndMissingBytes) {
    Feeder feeder;
    feeder.server(kTagged + "ffffffffffffffff\r\nhello");
    feeder.lose(kServer, "12345");
    feeder.server("world");
    const Table table = json({entry_of(feeder)});
    ASSERT_EQ(table.rows.size(), 1u);
    const std::string& row = table.rows[0];
    EXPECT_EQ(value(row, "size"), "18446744073709551615");
    EXPECT_EQ(value(row, "hex"), "\"ffffffffffffffff\"");
    EXPECT_EQ(value(row, "data_len"), "10");
    EXPECT_EQ(value(row, "frames"), "[[1,23],[2,5]]");
    EXPECT_EQ(value(row, "complete"), "false");
    EXPECT_EQ(value(row, "writes"), "[]");
}

TEST(ChunkTable, TakesLowestAndHighestFrameWhateverTheOrder) {
    Feeder feeder;
    feeder.at(kServer, 66, "hello\r\n");
    feeder.at(kServer, 0, kTagged + "5\r\n");
    const Table table = json({entry_of(feeder)});
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(value(table.rows[0], "frames"), "[[2,3],[1,7]]");
    EXPECT_EQ(value(table.rows[0], "first_frame"), "1");
    EXPECT_EQ(value(table.rows[0], "last_frame"), "2");
}

TEST(ChunkTable, SortsByStreamThenRequestsBeforeResponses) {
    const std::string chunk = "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    Feeder one;
    one.server("HTTP/1.1 200 OK\r\n" + chunk);
    one.client("POST / HTTP/1.1\r\n" + chunk);
    one.client("POST / HTTP/1.1\r\n" + chunk);
    Feeder two;  // the other way round
    two.client("HTTP/1.1 200 OK\r\n" + chunk);
    two.server("POST / HTTP/1.1\r\n" + chunk);
    Lines order;
    for (const std::string& row : json({entry_of(one, 0), entry_of(two, 7)}).rows)
        order.push_back(value(row, "stream") + value(row, "dir") + value(row, "message") +
                        " from " + value(row, "sport"));
    EXPECT_EQ(order, (Lines{"0\"request\"1 from 40000", "0\"request\"2 from 40000",
                            "0\"response\"1 from 80", "7\"request\"1 from 80",
                            "7\"response\"1 from 40000"}));
}

TEST(ChunkTable, LeavesDroppedRequestsOut) {
    Feeder feeder;
    feeder.client(
        "GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n"
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    feeder.server("HTTP/1.1 101 x\r\n\r\n");
    EXPECT_EQ(json({entry_of(feeder)}).rows, Lines{});
    EXPECT_EQ(text({entry_of(feeder)}).size(), 4u)
        << "a header, a request, a response, and the bytes that are no HTTP/1";
}

TEST(ChunkTable, KeepsAChunkIfAnyOfItsFramesMatches) {
    Feeder feeder;
    feeder.server(kTagged + "5\r\nhel");
    feeder.server("lo\r\n1\r\nx\r\n");
    feeder.server("0\r\n\r\n");
    const auto sizes = [&](unsigned kept) {
        std::string found;
        for (const std::string& row : json({entry_of(feeder)}, [&](FrameNumber frame) {
                                          return frame == FrameNumber{kept};
                                      }).rows)
            found += value(row, "size");
        return found;
    };
    EXPECT_EQ(sizes(1), "5");
    EXPECT_EQ(sizes(2), "51");
    EXPECT_EQ(sizes(3), "0");
    EXPECT_EQ(sizes(4), "");
}

TEST(ChunkTable, ComplainsOfWhatNoRowCanSay) {
    Feeder feeder;
    feeder.server(kTagged + "5 \r\nhello\r\nx\r\n");
    const Table table = json({entry_of(feeder)});
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(value(table.rows[0], "faults"), R"(["blank-after-size"])");
    EXPECT_EQ(
        table.complaints,
        (Lines{
            "stream 3 response message 1, at offset 74: missing-size: A chunk does not begin "
            "with a hexadecimal digit (RFC 9112 section 7.1)",
            "stream 3 response: 2 bytes at offset 75 are no HTTP/1 message: after what cannot be "
            "framed (missing-size)"}));
}

/// A fault that the row of the chunk shows and that ended nothing is no complaint.
TEST(ChunkTable, ComplainsOnlyOfWhatEndedTheMessage) {
    Feeder feeder;
    feeder.server(kTagged + "5 \r\nhelloX");
    const Table table = json({entry_of(feeder)});
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(value(table.rows[0], "faults"), R"(["blank-after-size","bad-chunk-end"])");
    ASSERT_EQ(table.complaints.size(), 1u);
    EXPECT_NE(table.complaints[0].find("bad-chunk-end"), std::string::npos);
}

TEST(ChunkTable, ComplainsOnlyOfWhatTheFilterKeeps) {
    Feeder feeder;
    feeder.server(kTagged + "5\r\nhello\r\n");
    feeder.server("x");
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    for (const unsigned kept : {1, 2, 3}) {
        const auto keep = [&](FrameNumber frame) { return frame == FrameNumber{kept}; };
        EXPECT_EQ(json({entry_of(feeder)}, keep).complaints.size(), kept <= 2 ? 1u : 0u) << kept;
        // A header; a request; a row or a complaint, or both.
        EXPECT_EQ(text({entry_of(feeder)}, keep).size(), std::size_t{kept == 1 ? 3u : 2u}) << kept;
    }
}

TEST(ChunkTable, TakesTagsWhereTheRecordHasNothing) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server(kTagged + "5;w=2\r\nhello\r\n5;w=3\r\nhello\r\n0;w=4\r\n\r\n");
    const std::uint64_t head = kTagged.size();
    for (const auto& [index, offset] : {std::pair{1U, std::uint64_t{0}}, {7U, head}})
        feeder.connection().add_event(
            kServer, recorded_call(EventKind::kWrite, index, offset, index == 1 ? head : 14),
            FrameNumber{90 + index});
    const Lines rows = json({entry_of(feeder)}).rows;
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(value(rows[0], "writes"), "[7]");
    EXPECT_EQ(value(rows[0], "write_source"), "\"event\"");
    EXPECT_EQ(value(rows[1], "writes"), "[3]");
    EXPECT_EQ(value(rows[1], "write_source"), "(no write_source)");
    EXPECT_EQ(value(rows[2], "writes"), "[4]");
}

TEST(ChunkTable, WritesTextForPeople) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server(kTagged + "5;w=2-4\r\nhello\r\n10;w=5\r\n");
    const Lines lines = text({entry_of(feeder)});
    EXPECT_EQ(
        lines,
        (Lines{
            "stream  direction exch  msg   chunk  hex        size      write     frame:bytes",
            "3       request   1     1     -      none: a request with neither Content-Length nor "
            "Transfer-Encoding has no body",
            "3       response  1     1     1      5          5         2-4       2:16",
            "3       response  1     1     2      10         16        5         2:8  incomplete",
            "stream 3 response message 1: unfinished: The capture ends before the message does"}));
}

}  // namespace
}  // namespace seamark::chunk_table_test
