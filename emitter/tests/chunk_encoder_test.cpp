// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/chunk_encoder.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "plan/decimal_text.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
const std::string longest = "18446744073709551614-18446744073709551615";

std::string size_line(std::uint64_t size, std::string_view tag = "") {
    std::string out(longest_line, '!');
    out.resize(static_cast<std::size_t>(put_size_line(out.data(), size, tag) - out.data()));
    return out;
}

std::string last_chunk(std::string_view tag) {
    std::string out(longest_line, '!');
    out.resize(static_cast<std::size_t>(put_last_chunk(out.data(), tag) - out.data()));
    return out;
}

TEST(ChunkEncoder, SizesAreBareHexadecimal) {
    EXPECT_EQ(size_line(1), "1\r\n");
    EXPECT_EQ(size_line(10), "a\r\n");
    EXPECT_EQ(size_line(32), "20\r\n");
    EXPECT_EQ(size_line(16'777'216), "1000000\r\n");
    EXPECT_EQ(size_line(largest), "ffffffffffffffff\r\n");
}

TEST(ChunkEncoder, ATagIsOneExtensionWithNoBlank) {
    EXPECT_EQ(size_line(32, "7"), "20;w=7\r\n");
    EXPECT_EQ(size_line(96, "7-9"), "60;w=7-9\r\n");
    EXPECT_EQ(size_line(largest, longest), "ffffffffffffffff;w=" + longest + "\r\n");
    EXPECT_LE(size_line(largest, longest).size() + 2, longest_line);
}

TEST(ChunkEncoder, TheLastChunkEndsTheTrailerSectionToo) {
    EXPECT_EQ(last_chunk(""), "0\r\n\r\n");
    EXPECT_EQ(last_chunk("9"), "0;w=9\r\n\r\n");
    EXPECT_EQ(last_chunk("9-10"), "0;w=9-10\r\n\r\n");
}

TEST(DecimalText, IsTheNumberHoweverItWasReached) {
    DecimalText text;
    for (std::uint64_t value = 0; value < 12'000; ++value) {
        ASSERT_EQ(text.of(value), std::to_string(value));
    }
    for (const std::uint64_t value :
         {5UL, 5UL, 6UL, 4UL, 5UL, 0UL, 0UL, 9UL, 10UL, 11UL, 99UL, 100UL, largest - 1, largest,
          0UL, 1UL, 1'999'999UL, 2'000'000UL}) {
        ASSERT_EQ(text.of(value), std::to_string(value));
    }
    EXPECT_EQ(DecimalText().of(0), "0");
    EXPECT_EQ(DecimalText().of(1), "1");
}

std::string encode(WriteEncoder& encoder, const PlannedWrite& write, std::uint64_t index) {
    const auto bytes = encoder.encode(write, index).bytes;
    return {bytes.begin(), bytes.end()};
}

TEST(WriteEncoder, IndexAndCarriersMakeTheRange) {
    PlannedWrite write;
    write.number = 3;
    write.size = 5;
    write.pieces = {{PieceKind::size_line, 1, 2},
                    {PieceKind::data, 0, 2},
                    {PieceKind::line_end, 0, 0},
                    {PieceKind::size_line, 4, 9},
                    {PieceKind::data, 0, 3}};
    PayloadSource source(9, 5);
    WriteEncoder tagged(source, {});
    EXPECT_EQ(encode(tagged, write, 41), "2;w=41\r\n1 \r\n9;w=41-44\r\nab\n");
    EXPECT_EQ(encode(tagged, write, 50), "2;w=50\r\n2 \r\n9;w=50-53\r\nab\n")
        << "an index that was passed over must not be counted on from";
    WriteEncoder plain(source, {.tag = false});
    EXPECT_EQ(encode(plain, write, 41), "2\r\n3 \r\n9\r\nab\n");
}

TEST(WriteEncoder, TellsWhereEachPieceEnds) {
    PlannedWrite write;
    write.size = 3;
    write.pieces = {
        {PieceKind::size_line, 1, 3}, {PieceKind::data, 0, 3}, {PieceKind::line_end, 0, 0}};
    PayloadSource source(2, 3);
    WriteEncoder encoder(source, {.tag = false});
    const auto joined = encoder.encode(write, 1, "HEAD");
    EXPECT_EQ(std::string(joined.bytes.begin(), joined.bytes.end()), "HEAD3\r\n1 \n\r\n");
    EXPECT_EQ(std::vector<std::size_t>(joined.ends.begin(), joined.ends.end()),
              (std::vector<std::size_t>{4, 7, 10, 12}));
    const auto apart = encoder.encode(write, 2);
    EXPECT_EQ(std::vector<std::size_t>(apart.ends.begin(), apart.ends.end()),
              (std::vector<std::size_t>{3, 6, 8}));
}

TEST(WriteEncoder, TrailersSayTheLastWriteAndTheBytes) {
    PlannedWrite write;
    write.size = 5;
    write.pieces = {{PieceKind::data, 0, 5}, {PieceKind::last_chunk, 1, 0}};
    PayloadSource source(1, 5);
    WriteEncoder encoder(source, {.tag = true, .trailers = true});
    EXPECT_EQ(encode(encoder, write, largest),
              "1 ab\n0;w=" + std::to_string(largest) + "\r\nSeamark-Last-Write: " +
                  std::to_string(largest) + "\r\nSeamark-Body-Bytes: 5\r\n\r\n");
}

TEST(WriteEncoder, HasRoomForTheLongestOfAll) {
    PlannedWrite write;
    write.pieces = {{PieceKind::size_line, 2, largest}, {PieceKind::last_chunk, 2, 0}};
    PayloadSource source(1, 1);
    WriteEncoder tagged(source, {});
    EXPECT_EQ(encode(tagged, write, largest - 1),
              "ffffffffffffffff;w=" + longest + "\r\n0;w=" + longest + "\r\n\r\n");
}

}  // namespace
}  // namespace seamark::plan
