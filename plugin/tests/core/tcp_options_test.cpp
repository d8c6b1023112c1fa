// SPDX-License-Identifier: GPL-2.0-or-later
//
// The options that show how far a peer's window reaches and what it has already (RFC 7323, RFC
// 2018).
#include <gtest/gtest.h>

#include <vector>

#include "core/tcp/tcp_header.hpp"

namespace seamark::tcp_options_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kAck = 0x10;
constexpr std::uint32_t kAcknowledged = 0xfffffff0;  // so that blocks above it wrap

void append(Bytes& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

/// A header with these options, filled up with no-operations to whole words.
TcpHeader read(std::uint8_t flags, Bytes options) {
    while (options.size() % 4 != 0) options.push_back(1);
    Bytes bytes(4, 0);
    append(bytes, 1);
    append(bytes, kAcknowledged);
    bytes.push_back(static_cast<std::uint8_t>((20 + options.size()) / 4 << 4));
    bytes.push_back(flags);
    bytes.resize(20);
    bytes.insert(bytes.end(), options.begin(), options.end());
    const auto header = parse_tcp_header(bytes);
    EXPECT_TRUE(header);
    return header.value_or(TcpHeader());
}

/// A SACK option of blocks that begin and end so far above what is acknowledged.
Bytes sack(const std::vector<std::pair<std::int32_t, std::int32_t>>& blocks) {
    Bytes option{5, static_cast<std::uint8_t>(2 + 8 * blocks.size())};
    for (const auto& [begin, end] : blocks) {
        append(option, kAcknowledged + static_cast<std::uint32_t>(begin));
        append(option, kAcknowledged + static_cast<std::uint32_t>(end));
    }
    return option;
}

TEST(TcpOptions, AWindowScaleIsOneOfASyn) {
    EXPECT_EQ(read(kSyn, {3, 3, 7}).window_scale, 7);
    EXPECT_EQ(read(kSyn | kAck, {2, 4, 0x05, 0xb4, 1, 3, 3, 0}).window_scale, 0);
    EXPECT_EQ(read(kSyn, {2, 4, 0x05, 0xb4}).window_scale, std::nullopt)
        << "the peer scales nothing";
    EXPECT_EQ(read(kAck, {3, 3, 7}).window_scale, std::nullopt);
    EXPECT_EQ(read(kSyn, {3, 4, 7, 7}).window_scale, std::nullopt) << "of a wrong length";
}

/// RFC 7323 section 2.3: a larger shift count counts as 14.
TEST(TcpOptions, AWindowScaleIsAtMostFourteen) {
    EXPECT_EQ(read(kSyn, {3, 3, 14}).window_scale, 14);
    EXPECT_EQ(read(kSyn, {3, 3, 15}).window_scale, 14);
    EXPECT_EQ(read(kSyn, {3, 3, 255}).window_scale, 14);
}

TEST(TcpOptions, SackedBytesAddUp) {
    EXPECT_EQ(read(kAck, {}).sacked, 0U);
    EXPECT_EQ(read(kAck, sack({{100, 150}})).sacked, 50U);
    EXPECT_EQ(read(kAck, sack({{100, 150}, {10, 40}, {1000, 1001}})).sacked, 81U);
    EXPECT_EQ(read(kAck, sack({{10, 20}})).sacked, 10U) << "from below 2^32 to above it";
}

/// RFC 2883: the first block may repeat what was acknowledged, to say that it came twice.
TEST(TcpOptions, ABlockBelowTheAcknowledgementIsNotMissingData) {
    EXPECT_EQ(read(kAck, sack({{-100, -50}, {100, 150}})).sacked, 50U);
}

TEST(TcpOptions, BlocksThatAreNoneCountNothing) {
    EXPECT_EQ(read(kAck, sack({{150, 100}})).sacked, 0U) << "it ends before it begins";
    Bytes cut = sack({{100, 150}, {200, 250}});
    cut[1] = 2 + 8 + 4;
    cut.resize(cut[1]);
    EXPECT_EQ(read(kAck, cut).sacked, 50U) << "half a block behind a whole one";
    EXPECT_EQ(read(kSyn, sack({{100, 150}})).sacked, 0U) << "a SYN has received nothing yet";
}

}  // namespace
}  // namespace seamark::tcp_options_test
