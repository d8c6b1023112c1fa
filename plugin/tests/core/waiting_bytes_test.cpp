// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/waiting_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/position.hpp"
#include "support/text.hpp"

namespace seamark::waiting_bytes_test {
namespace {

using test::bytes_of;
using test::operator""_at;

/// "100|abc ~de" for a part at 100 with a segment that begins with "abc", and then bytes of one
/// whose begin is not among them.
std::string take(WaitingBytes& waiting) {
    std::string text = std::to_string(waiting.first().value);
    const WaitingBytes::Part part = waiting.take_first();
    std::size_t expected = 0;
    part.each_stretch([&](std::size_t at, std::span<const std::uint8_t> bytes, bool begins) {
        EXPECT_EQ(at, expected);
        EXPECT_FALSE(bytes.empty());
        expected += bytes.size();
        text += begins ? "|" : "~";
        text.append(bytes.begin(), bytes.end());
    });
    EXPECT_EQ(expected, part.bytes.size());
    return text;
}

TEST(WaitingBytes, KeepsAdjoiningBytesTogether) {
    WaitingBytes waiting;
    EXPECT_TRUE(waiting.empty());
    waiting.add(100_at, bytes_of("abc"), true);
    waiting.add(103_at, bytes_of("d"), true);
    waiting.add(104_at, bytes_of("ef"), false);
    waiting.add(106_at, bytes_of("g"), true);
    waiting.add(50_at, bytes_of("xy"), false);
    waiting.add(52_at, bytes_of("z"), true);
    waiting.add(99_at, bytes_of("!"), true);  // in front: a part of its own
    EXPECT_EQ(waiting.size(), 11u);
    EXPECT_EQ(take(waiting), "50~xy|z");
    EXPECT_EQ(take(waiting), "99|!");
    EXPECT_EQ(take(waiting), "100|abc|def|g");
    EXPECT_TRUE(waiting.empty());
    EXPECT_EQ(waiting.size(), 0u);
}

}  // namespace
}  // namespace seamark::waiting_bytes_test
