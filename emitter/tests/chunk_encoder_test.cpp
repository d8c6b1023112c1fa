// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/chunk_encoder.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "plan/write_encoder.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

std::string size_line(std::uint64_t size, std::optional<WriteRange> tag = std::nullopt) {
    std::string out;
    append_size_line(out, size, tag);
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
    EXPECT_EQ(size_line(32, WriteRange{7, 7}), "20;w=7\r\n");
    EXPECT_EQ(size_line(96, WriteRange{7, 9}), "60;w=7-9\r\n");
    EXPECT_EQ(size_line(1, WriteRange{largest, largest}), "1;w=18446744073709551615\r\n");
}

TEST(ChunkEncoder, TheLastChunkEndsTheTrailerSectionToo) {
    std::string out = "x";
    append_last_chunk(out, std::nullopt);
    append_last_chunk(out, WriteRange{9, 9});
    append_last_chunk(out, WriteRange{9, 10});
    EXPECT_EQ(out, "x0\r\n\r\n0;w=9\r\n\r\n0;w=9-10\r\n\r\n");
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
    std::string out;
    append_write(out, write, 41, true);
    EXPECT_EQ(out, "2;w=41\r\n3 \r\n9;w=41-44\r\nab\n");
    out.clear();
    append_write(out, write, 41, false);
    EXPECT_EQ(out, "2\r\n3 \r\n9\r\nab\n");
}

}  // namespace
}  // namespace seamark::plan
