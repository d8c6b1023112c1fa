// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/printable.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::printable_test {
namespace {

/// Texts longer than what is looked at in one piece, with one byte of each kind at each place.
TEST(Printable, ARunEndsAtTheFirstByteThatIsNotWhereverItStands) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool printable = byte >= 0x20 && byte < 0x7f;
        EXPECT_EQ(is_printable(c), printable) << byte;
        for (const std::size_t length : {1U, 7U, 8U, 9U, 127U, 128U, 300U}) {
            std::string text(length, '~');
            for (std::size_t at = 0; at < length; ++at) {
                text[at] = c;
                EXPECT_EQ(printable_run(text), printable ? length : at) << byte << " at " << at;
                text[at] = '~';
            }
        }
    }
}

TEST(Printable, TheFirstOfSeveralCounts) {
    EXPECT_EQ(printable_run(""), 0U);
    EXPECT_EQ(printable_run(std::string(200, ' ') + "\xff\x1f" + std::string(200, ' ')), 200U);
    EXPECT_EQ(printable_run("ab\x7f\x80\xff\x01 z"), 2U);
}

/// What a place borrows or carries hides nothing, and adds nothing.
TEST(Printable, EightBytesAtOnceAreAsOneByOne) {
    for (int low = 0; low < 256; ++low)
        for (int high = 0; high < 256; ++high) {
            const auto pair = static_cast<std::uint64_t>(low | high << 8);
            const std::uint64_t eight = pair << 16 | in_each_place('a') << 32 | 0x6161;
            const bool all =
                is_printable(static_cast<char>(low)) && is_printable(static_cast<char>(high));
            EXPECT_EQ((unprintable_bits(eight) & kHighestBits) == 0, all) << low << ", " << high;
        }
}

}  // namespace
}  // namespace seamark::printable_test
