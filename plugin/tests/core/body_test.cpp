// SPDX-License-Identifier: GPL-2.0-or-later
//
// Bodies without their framing: positions, and hashes that do not depend on how bytes came.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/stream/body_hash.hpp"
#include "core/stream/body_map.hpp"
#include "support/body.hpp"
#include "support/feeder.hpp"

namespace seamark::body_test {
namespace {

using namespace test;

std::vector<std::uint8_t> some_bytes(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::uint8_t>((i * 2654435761U) >> 13);
    return bytes;
}

void add(BodyHash& hash, const std::vector<std::uint8_t>& bytes, std::size_t begin,
         std::size_t end) {
    hash.add(BodyOffset{begin}, std::span(bytes).subspan(begin, end - begin));
}

TEST(BodyHash, PiecesAndTheirOrderDoNotMatter) {
    const auto bytes = some_bytes(5000);
    BodyHash whole;
    add(whole, bytes, 0, 5000);
    BodyHash pieces;
    for (const auto& [begin, end] : {std::pair{3000, 5000}, {0, 1}, {1, 1023}, {1023, 3000}})
        add(pieces, bytes, static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    const auto result = whole.compare(pieces);
    EXPECT_EQ(result.equal, 5000U) << "the last block counts, since both end there";
    EXPECT_EQ(result.different, 0U);
}

TEST(BodyHash, OneBitOfAnyByteMatters) {
    const auto bytes = some_bytes(2100);
    BodyHash hash;
    add(hash, bytes, 0, bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += 7) {
        auto changed = bytes;
        changed[at] ^= 1U;
        BodyHash other;
        add(other, changed, 0, changed.size());
        EXPECT_GT(hash.compare(other).different, 0U) << at;
    }
    auto swapped = bytes;
    std::swap(swapped[10], swapped[11]);
    BodyHash other;
    add(other, swapped, 0, swapped.size());
    EXPECT_EQ(hash.compare(other).different, 1024U);
}

TEST(BodyHash, BlocksWithMissingBytesAreNotCompared) {
    const auto bytes = some_bytes(4096);
    BodyHash whole;
    add(whole, bytes, 0, 4096);
    BodyHash lossy;
    add(lossy, bytes, 0, 1500);
    add(lossy, bytes, 1600, 4096);
    EXPECT_EQ(whole.compare(lossy).equal, 3072U) << "not the block from 1024";
    EXPECT_EQ(whole.compare(lossy).different, 0U);
    BodyHash cut;
    add(cut, bytes, 0, 1500);
    EXPECT_EQ(whole.compare(cut).equal, 1024U) << "the second block goes on in one of them";
    EXPECT_EQ(whole.compare(BodyHash{}).equal, 0U);
}

/// "body+length@stream offset/chunk" for each run.
std::string runs_of(const Feeder& feeder, BodyRange range) {
    BodyMap map(feeder.stream(kServer).messages(), 0);
    map.extend();
    std::string text;
    map.each_in_stream(range, [&](BodyRange range_here, ByteRange stream, std::uint32_t chunk) {
        EXPECT_EQ(range_here.length(), stream.length());
        text += std::to_string(range_here.begin.value) + "+" + std::to_string(range_here.length()) +
                "@" + std::to_string(feeder.stream(kServer).public_offset(stream.begin).value) +
                (chunk == BodyMap::kNoChunk ? " " : "/" + std::to_string(chunk) + " ");
        int times = 0;
        map.each_in_body(stream, [&](BodyRange back, ByteRange where) {
            EXPECT_EQ(back, range_here);
            EXPECT_EQ(where, stream);
            ++times;
        });
        EXPECT_EQ(times, 1);
        EXPECT_EQ(map.in_body(stream), range_here);
    });
    return text;
}

TEST(BodyMap, ChunkDataIsOneBody) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");  // 47
    feeder.server("3\r\nabc\r\n5;w=2\r\ndefgh\r\n");                         // data at 50, 62
    feeder.server("2\r\nij\r\n0\r\n\r\n");                                   // data at 72
    feeder.finish();
    EXPECT_EQ(runs_of(feeder, body(0, 100)), "0+3@50/0 3+5@62/1 8+2@72/2 ");
    EXPECT_EQ(runs_of(feeder, body(2, 4)), "2+1@52/0 3+1@62/1 ");
    EXPECT_EQ(runs_of(feeder, body(8, 9)), "8+1@72/2 ");
    EXPECT_EQ(runs_of(feeder, body(10, 11)), "");
    BodyMap map(feeder.stream(kServer).messages(), 0);
    map.extend();
    EXPECT_EQ(map.length(), 10U);
}

TEST(BodyMap, OtherFramings) {
    Feeder feeder;
    feeder.client("GET / HTTP/1.1\r\n\r\n");
    feeder.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");  // 38
    EXPECT_EQ(runs_of(feeder, body(1, 3)), "1+2@39 ");
    EXPECT_EQ(runs_of(feeder, body(4, 9)), "4+1@42 ");
    Feeder open;
    open.client("GET / HTTP/1.0\r\n\r\n");
    open.server("HTTP/1.0 200 OK\r\n\r\nhello");  // 19
    EXPECT_EQ(runs_of(open, body(1, 3)), "1+2@20 ");
    BodyMap map(open.stream(kServer).messages(), 0);
    EXPECT_EQ(map.length(), std::nullopt);
}

}  // namespace
}  // namespace seamark::body_test
