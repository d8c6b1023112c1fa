// SPDX-License-Identifier: GPL-2.0-or-later
//
// What rows say of recorded calls, and of the other leg of a proxy: from the frames and times that
// support/legs_world.hpp lays down.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/report/chunk_table.hpp"
#include "support/legs_world.hpp"

namespace seamark::chunk_table_legs_test {
namespace {

using namespace test;

std::vector<std::string> rows(World& world) {
    world.told();
    std::vector<std::string> found;
    write_chunk_json(
        world.table(), world.legs(), {}, [&](std::string_view line) { found.emplace_back(line); },
        [](std::string_view) {});
    return found;
}

/// The value of the last key of that name: an object, a list, a number or a word.
std::string value(const std::string& row, const std::string& key) {
    const auto at = row.find("\"" + key + "\":");
    if (at == std::string::npos) return "(none)";
    const auto begin = at + key.size() + 3;
    int depth = 0;
    for (auto end = begin; end < row.size(); ++end) {
        if (row[end] == '{' || row[end] == '[') ++depth;
        if ((row[end] == '}' || row[end] == ']') && --depth < 0)
            return row.substr(begin, end - begin);
        if (row[end] == ',' && depth == 0) return row.substr(begin, end - begin);
    }
    return row.substr(begin);
}

/// Stream 0 is downstream (one chunk of six bytes, frame 5), stream 1 upstream (two of three bytes,
/// frames 3 and 4); captured at 3, 4 and 5 ms.
TEST(ChunkTableLegs, TellsWhatTheOtherLegHas) {
    World world;
    Joined legs(world);
    const auto all = rows(world);
    ASSERT_EQ(all.size(), 5U);
    EXPECT_EQ(value(all[0], "upstream"),
              R"({"stream":1,"exchange":1,"confidence":"known","matched":6,"chunks":[1,2],)"
              R"("writes":[2,3],"frames":[3,4],"held_ns":2000000,"held_shortest_ns":1000000})");
    EXPECT_EQ(value(all[0], "downstream"), "(none)");
    EXPECT_EQ(value(all[2], "downstream"),
              R"({"stream":0,"exchange":1,"confidence":"known","matched":3,"chunks":[1],)"
              R"("writes":[],"frames":[5],"held_ns":2000000,"held_shortest_ns":2000000})");
    EXPECT_EQ(value(all[3], "downstream"),
              R"({"stream":0,"exchange":1,"confidence":"known","matched":3,"chunks":[1],)"
              R"("writes":[],"frames":[5],"held_ns":1000000,"held_shortest_ns":1000000})");
    // The last chunk has no data: nothing of it is matched, and no time is reported.
    EXPECT_EQ(value(all[4], "downstream"),
              R"({"stream":0,"exchange":1,"confidence":"known","matched":0,"chunks":[],)"
              R"("writes":[],"frames":[]})");
}

TEST(ChunkTableLegs, MatchesNothingWhereTheBodiesDiffer) {
    World world;
    Proxied legs(world, get());
    world.answers(legs.up, with_id("7f") + kAbc + kEnd);
    world.answers(legs.down, with_id("7f") + kDef + kEnd);
    const auto all = rows(world);
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(value(all[0], "upstream"),
              R"({"stream":1,"exchange":1,"confidence":"known","matched":0,"chunks":[],)"
              R"("writes":[],"frames":[]})");
}

TEST(ChunkTableLegs, SaysNothingWhereLegsAreNotJudged) {
    World world;
    Joined legs(world);
    world.told();
    std::vector<std::string> found;
    write_chunk_json(
        world.table(), nullptr, {}, [&](std::string_view line) { found.emplace_back(line); },
        [](std::string_view) {});
    for (const std::string& row : found) EXPECT_EQ(row.find("upstream"), std::string::npos) << row;
}

/// Offsets: head 47, chunk 47 to 55.
TEST(ChunkTableLegs, TellsTheCallsOfAChunk) {
    World world;
    auto& wire = world.connect(1, 9, kServerPort);
    world.asks(wire, get());
    world.answers(wire, head() + kAbc);
    world.answers(wire, kEnd);
    World::writes(wire, 1, 0, 50, 90);
    World::writes(wire, 2, 50, 5, 91);
    World::reads(wire, 1, 0, 48, 92);
    World::reads(wire, 2, 48, 12, 93);
    const auto all = rows(world);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(value(all[0], "writes"), "[1,2]");
    EXPECT_EQ(value(all[0], "write_source"), "\"event\"");
    EXPECT_EQ(value(all[0], "reads"), "[1,2]");
    // The calls were entered at 0, the frame was captured at 2 ms.
    EXPECT_EQ(value(all[0], "delay_ns"), "2000000");
    // The last chunk: no write has it, one read does.
    EXPECT_EQ(value(all[1], "writes"), "[]");
    EXPECT_EQ(value(all[1], "reads"), "[2]");
    EXPECT_EQ(value(all[1], "delay_ns"), "(none)");
}

/// The request is captured at 1 ms, and each segment of the response a millisecond after the last.
TEST(ChunkTableLegs, TellsWhenAChunkWasCaptured) {
    World world;
    auto& wire = world.connect(1, 9, kServerPort);
    world.asks(wire, get());
    world.answers(wire, head() + "5\r\nhe");  // 2 ms
    world.answers(wire, "l");
    world.answers(wire, "lo\r\n3\r\nab");  // 4 ms: one is whole, the next never will be
    const auto all = rows(world);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(value(all[0], "time_ns"), "2000000");
    EXPECT_EQ(value(all[0], "spread_ns"), "2000000");
    EXPECT_EQ(value(all[0], "after_request_ns"), "1000000");
    EXPECT_EQ(value(all[1], "time_ns"), "4000000");
    EXPECT_EQ(value(all[1], "spread_ns"), "(none)");
    EXPECT_EQ(value(all[1], "after_request_ns"), "3000000");
}

TEST(ChunkTableText, CountsTheFramesThatItDoesNotName) {
    World world;
    auto& wire = world.connect(1, 9, kServerPort);
    world.asks(wire, get());
    world.answers(wire, head() + "28\r\n");
    for (int i = 0; i < 40; ++i) world.answers(wire, "x");
    world.answers(wire, "\r\n");
    world.answers(wire, kEnd);
    world.told();
    std::vector<std::string> lines;
    write_chunk_text(world.table(), {}, [&](std::string_view line) { lines.emplace_back(line); });
    bool found = false;
    for (const std::string& line : lines) found = found || line.find(" more") != std::string::npos;
    EXPECT_TRUE(found);
}

TEST(ChunkTableText, TellsFramingAndFaults) {
    World world;
    auto& wire = world.connect(1, 9, kServerPort);
    world.asks(wire, get());
    world.answers(wire, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX y\r\n\r\nabcdef");
    world.asks(wire, get());
    world.answers(wire, head("A : b\r\n") + "3 \r\nabc\r\n5g");
    world.told();
    std::string all;
    write_chunk_text(world.table(), {}, [&](std::string_view line) { all.append(line) += "\n"; });
    EXPECT_NE(all.find("content-length 6"), std::string::npos) << all;
    EXPECT_NE(all.find("bad-field-line"), std::string::npos) << all;
    EXPECT_NE(all.find("blank-before-colon"), std::string::npos) << all;
    EXPECT_NE(all.find("blank-after-size"), std::string::npos) << all;
    EXPECT_NE(all.find("bad-size"), std::string::npos) << all;
}

}  // namespace
}  // namespace seamark::chunk_table_legs_test
