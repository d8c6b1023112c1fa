// SPDX-License-Identifier: GPL-2.0-or-later
//
// Columns of text: widths count characters, not bytes.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "core/report/text_table.hpp"

namespace seamark::text_table_test {
namespace {

TEST(TextTable, AWidthCountsCharacters) {
    EXPECT_EQ(width_of(""), 0U);
    EXPECT_EQ(width_of("abc"), 3U);
    EXPECT_EQ(width_of("×3 …"), 4U);
}

TEST(TextTable, AWordIsCutBetweenCharacters) {
    EXPECT_EQ(cut("abcd", 4), "abcd");
    EXPECT_EQ(cut("abcde", 4), "abc…");
    EXPECT_EQ(cut("××××", 4), "××××") << "8 bytes, 4 characters";
    EXPECT_EQ(cut("×××××", 4), "×××…") << "not in the middle of one";
    EXPECT_EQ(cut("a×b×c", 3), "a×…");
    EXPECT_EQ(cut("ab", 1), "…");
}

TEST(TextTable, AColumnOfNoWidthIsLeftOut) {
    const std::vector<std::string> cells{"a", "left out", "", "d"};
    const std::vector<std::size_t> widths{2, 0, 3, 1};
    EXPECT_EQ(line_of(cells, widths), "a" + std::string(1 + kTextGap + 3 + kTextGap, ' ') + "d");
}

TEST(TextTable, TheWidestColumnGivesWay) {
    std::vector<std::size_t> widths{10, 500, 0, 20};
    fit_columns(widths);
    EXPECT_EQ(widths[0], 10U);
    EXPECT_EQ(widths[2], 0U);
    EXPECT_EQ(widths[3], 20U);
    EXPECT_EQ(10 + kTextGap + widths[1] + kTextGap + 20, kMostTextColumns);
    widths = {kMostTextColumns, kMostTextColumns};
    fit_columns(widths);
    EXPECT_EQ(widths[0] + kTextGap + widths[1], kMostTextColumns) << "both give way alike";
    EXPECT_LE(std::max(widths[0], widths[1]) - std::min(widths[0], widths[1]), 1U);
}

}  // namespace
}  // namespace seamark::text_table_test
