// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/svg_page.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::svg_page_test {
namespace {

/// As a length of a picture.
std::string written(double number) {
    SvgPage page;
    page.tick(0, 0, number);
    std::string text;
    page.write(1, [&](std::string_view line) { text.append(line).append("\n"); });
    const auto begin = text.find("M0 0v");
    if (begin == std::string::npos) return text;
    return text.substr(begin + 5, text.find('"', begin) - begin - 5);
}

TEST(SvgPage, WritesNumbersWithAtMostTwoDecimals) {
    EXPECT_EQ(written(0), "0");
    EXPECT_EQ(written(7), "7");
    EXPECT_EQ(written(1.05), "1.05");
    EXPECT_EQ(written(1.5), "1.50");
    EXPECT_EQ(written(0.004), "0");
    EXPECT_EQ(written(1240), "1240");
}

TEST(SvgPage, WritesNumbersBelowZero) {
    EXPECT_EQ(written(-7), "-7");
    EXPECT_EQ(written(-1.25), "-1.25");
    EXPECT_EQ(written(-1.05), "-1.05");
    EXPECT_EQ(written(-0.25), "-0.25");
    EXPECT_EQ(written(-0.01), "-0.01");
    EXPECT_EQ(written(-0.004), "0") << "there is no -0";
}

TEST(SvgPage, HandsOverSingleLines) {
    SvgPage page;
    page.text(0, 0, "label", "one\ntwo");
    page.write(1, [](std::string_view line) { EXPECT_EQ(line.find('\n'), line.npos) << line; });
}

}  // namespace
}  // namespace seamark::svg_page_test
