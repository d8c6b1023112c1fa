// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/chunk_row.hpp"

#include <gtest/gtest.h>

namespace seamark::check {
namespace {

using Frames = std::vector<std::uint32_t>;

// As docs/chunks.md has it.
const std::string kHead =
    R"({"stream":7,"src":"192.0.2.1","sport":80,"dst":"192.0.2.2","dport":40000,"dir":"response",)"
    R"("message":2,"exchange":2,"chunk":3,"hex":"20","size":32,"ext":"","offset":225,)"
    R"("header_len":4,"data_len":32,)";

TEST(ChunkRow, IsReadFromItsLine) {
    const auto row = read_chunk_row(
        kHead +
        R"("frames":[[9,10],[4,20],[9,8]],"first_frame":4,"last_frame":9,"complete":true,)"
        R"("writes":[5,6],"faults":[],"time_ns":1795787041416825529,"spread_ns":17,)"
        R"("after_request_ns":4416783,"delay_ns":-3,"causes":[{"kind":"whole","cause":["write"],)"
        R"("confidence":"known","frames":[4]},{"kind":"held","cause":["nagle","cork"],)"
        R"("confidence":"consistent","frames":[9]}],"downstream":{"stream":1,"held_ns":498000000}})");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->stream, 7U);
    EXPECT_TRUE(row->response);
    EXPECT_EQ(row->message, 2U);
    EXPECT_EQ(row->chunk, 3U);
    EXPECT_EQ(row->size, 32U);
    EXPECT_EQ(row->frames, (Frames{4, 9}));
    EXPECT_EQ(row->writes, 2U);
    EXPECT_EQ(row->time, 1795787041416825529);
    EXPECT_EQ(row->spread, 17);
    EXPECT_EQ(row->after_request, 4416783);
    EXPECT_EQ(row->delay, -3);
    EXPECT_EQ(row->held, 498000000);
    EXPECT_EQ(row->cause, "held: nagle or cork (consistent)");
}

TEST(ChunkRow, HasNothingThatItsLineDoesNotSay) {
    const auto row = read_chunk_row(kHead + R"("frames":[[4,36]],"writes":[]})");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->writes, 0U);
    EXPECT_FALSE(row->time || row->spread || row->after_request || row->delay || row->held);
    EXPECT_EQ(row->cause, "");
}

TEST(ChunkRow, IsNoneOfAnotherLine) {
    for (const std::string& line :
         {std::string(), std::string("{"), std::string("[]"), std::string("{\"stream\":1}"),
          kHead + R"("frames":[],"writes":[]})", kHead + R"("frames":[["a",1]],"writes":[]})",
          kHead + R"("frames":[[4294967296,1]],"writes":[]})"})
        EXPECT_FALSE(read_chunk_row(line)) << line;
}

TEST(ChunkRow, TakesTheLargestSize) {
    std::string line = kHead + R"("frames":[[4,36]],"writes":[]})";
    line.replace(line.find("\"size\":32"), 9, "\"size\":18446744073709551615");
    const auto row = read_chunk_row(line);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->size, 18446744073709551615U);
}

TEST(MatchedFrames, AreReadWithTheBytesOfTheirFilter) {
    const auto matched = read_matched_frames(
        "{\"filter\":\"http.host == \\\"\\u00c3\\u00bc\\\"\",\"frames\":[[1,5],[8,8]]}");
    ASSERT_TRUE(matched);
    EXPECT_EQ(matched->filter, "http.host == \"\xc3\xbc\"");
    EXPECT_EQ(matched->runs,
              (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 5}, {8, 8}}));
    EXPECT_FALSE(read_matched_frames("{\"filter\":\"a\",\"frames\":[[1]]}"));
    EXPECT_FALSE(read_matched_frames("{\"frames\":[]}"));
}

TEST(EventRow, HasWhatAssertionsAsk) {
    const std::string line =
        R"({"stream":3,"src":"::1","sport":80,"dst":"::1","dport":9,"dir":"response","message":2,)"
        R"("exchange":1,"format":"sse","kind":"event","item":7,"name":"token","offset":0,"bytes":29,)"
        R"("coding":"gzip","coded_offset":37,"coded_bytes":9,"flushed":false,"cause":"compressor",)"
        R"("frames":[[8,9],[6,1],[8,1]],"first_frame":6,"last_frame":8,"complete":true,"chunks":[2],)"
        R"("writes":[],"time_ns":10,"ready_ns":20,"gap_ns":5,"after_request_ns":18})";
    ASSERT_TRUE(is_event_row(line));
    const auto row = read_event_row(line);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->stream, 3U);
    EXPECT_TRUE(row->response);
    EXPECT_EQ(row->message, 2U);
    EXPECT_EQ(row->event, 7U);
    EXPECT_EQ(row->size, 29U);
    EXPECT_EQ(row->frames, (std::vector<std::uint32_t>{6, 8}));
    EXPECT_EQ(row->ready, 20);
    EXPECT_EQ(row->gap, 5);
    EXPECT_EQ(row->after_request, 18);
    EXPECT_TRUE(row->kept);
    EXPECT_FALSE(is_event_row(R"({"stream":0,"chunk":1,"ext":";a=\"item\":"})"));
    EXPECT_FALSE(read_event_row(R"({"stream":0,"item":1})").has_value());
}

TEST(LatencyRow, LayersOfSeveralLegsAddUp) {
    const std::string line =
        R"({"row":"event","stream":2,"unit":"event","number":3,"frames":[7,9],"time_ns":30,)"
        R"("layers":[{"layer":"application","ns":5,"since_request":true},{"layer":"wire","ns":1},)"
        R"({"layer":"proxy","ns":20},{"layer":"wire","ns":4}]})";
    EXPECT_TRUE(is_latency_line(line));
    EXPECT_TRUE(is_latency_row(line));
    const auto row = read_latency_row(line);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->stream, 2U);
    EXPECT_EQ(row->number, 3U);
    EXPECT_TRUE(row->is_event);
    EXPECT_EQ(row->frames, (Frames{7, 9}));
    EXPECT_EQ(row->time, 30);
    using Layers = std::vector<std::pair<std::string, std::int64_t>>;
    EXPECT_EQ(row->layers, (Layers{{"wire", 5}, {"proxy", 20}}));
    EXPECT_FALSE(is_latency_row(R"({"row":"summary","stream":2})"));
    EXPECT_TRUE(is_latency_line(R"({"row":"summary","stream":2})"));
    EXPECT_FALSE(read_latency_row(R"({"row":"event","stream":2})"));
}

}  // namespace
}  // namespace seamark::check
