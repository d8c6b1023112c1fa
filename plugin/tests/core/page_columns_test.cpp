// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_columns.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seamark::page_columns_test {
namespace {

std::string made_of(std::initializer_list<const char*> texts, TextShapes& shapes) {
    TextColumn column(shapes);
    for (const char* text : texts) column.add(text);
    return std::string(std::string_view(column.finish()));
}

TEST(PageColumn, HasDifferencesWhereTheyAreAskedFor) {
    PageColumn column;
    column.step(10);
    column.step(13);
    column.none();
    column.step(12);
    column.number(12);
    EXPECT_EQ(std::string_view(column.finish()), "[10,3,null,-1,12]");
}

TEST(TextColumn, SharesAShapeBetweenTextsThatDifferInNumbers) {
    TextShapes shapes;
    EXPECT_EQ(made_of({"write 7: 32 bytes", "write 8: 32 bytes", "none", "write 10: 30 bytes"}, shapes),
              "[0,7,32,0,1,0,1,0,2,-2]");
    EXPECT_EQ(shapes.all(), (std::vector<std::string>{"write \x01: \x01 bytes", "none"}));
}

TEST(TextColumn, KeepsWhatIsNoPlainNumberAsText) {
    TextShapes shapes;
    EXPECT_EQ(made_of({"3 hex ce4, 0.045 ms, 1234567890123456", "4 hex 20, 1.500 ms, 0"}, shapes),
              "[0,3,\"ce4\",0,\"045\",\"1234567890123456\",0,1,20,1,500,0]");
}

TEST(TextColumn, CutsNoCharacterOfSeveralBytes) {
    TextShapes shapes;
    EXPECT_EQ(made_of({"×12 µs"}, shapes), "[0,12]");
    EXPECT_EQ(shapes.all(), std::vector<std::string>{"×\x01 µs"});
}

TEST(TextColumn, CountsStandBetweenTexts) {
    TextShapes shapes;
    TextColumn column(shapes);
    column.add("a 1");
    column.number(1);
    column.add("a 3");
    EXPECT_EQ(std::string_view(column.finish()), "[0,1,1,0,2]");
}

}  // namespace
}  // namespace seamark::page_columns_test
