// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/trailer_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/text.hpp"

namespace seamark::trailer_parser_test {
namespace {

/// Trailer sections with their empty line, and a byte after it.
TEST(TrailerParser, EndsAtTheEmptyLine) {
    struct Case {
        std::string_view text;
        std::size_t taken;
        int empty_line;
        std::string_view faults;
    };
    const Case cases[] = {
        {"\r\nx", 2, 2, ""},
        {"\nx", 1, 1, "bare-lf"},
        {"A: b\r\n\r\nx", 8, 2, ""},
        {"A: b\r\n\nx", 7, 1, "bare-lf"},
        {"A: b\nC:d\n\r\nx", 11, 2, "bare-lf"},
        {"A:\r\n\r\nx", 6, 2, ""},
        {"A: b\r\n c\r\n\r\nx", 12, 2, "obs-fold"},
        {"A : b\r\n\r\nx", 9, 2, "blank-before-colon"},
        {"A b: c\r\n\r\nx", 10, 2, "bad-trailer-line"},
        {" A: b\r\n\r\nx", 9, 2, "bad-trailer-line"},
        {": b\r\n\r\nx", 7, 2, "bad-trailer-line"},
        {"A\r\n\r\nx", 5, 2, "bad-trailer-line"},
        {"A \r\n\r\nx", 6, 2, "bad-trailer-line"},
        {"A(: b\r\n\r\nx", 9, 2, "bad-trailer-line"},
        {"A: b\rc\r\n\r\nx", 10, 2, "bare-cr"},
        {"A: b\r\r\n\r\nx", 9, 2, "bare-cr"},
        {"\r\r\n\r\nx", 5, 2, "bare-cr bad-trailer-line"},
        {"\rA: b\r\n\r\nx", 9, 2, "bare-cr bad-trailer-line"},
        {"A: \x01\r\n\r\nx", 8, 2, "bad-field-value"},
        {"Content-Length: 5\r\n\r\nx", 21, 2, "forbidden-trailer-field"},
        {"TRANSFER-ENCODING: x\r\n\r\nx", 24, 2, "forbidden-trailer-field"},
        {"Host : a\r\n\r\nx", 12, 2, "blank-before-colon forbidden-trailer-field"},
        {"Hosts: a\r\n\r\nx", 12, 2, ""},
        {"Transfer-Encoding-And-Much-More: a\r\n\r\nx", 38, 2, ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.text);
        TrailerParser parser;
        std::size_t taken = 0;
        bool ended = false;
        while (!ended && taken < c.text.size())
            ended = parser.feed(static_cast<unsigned char>(c.text[taken++]));
        EXPECT_TRUE(ended);
        EXPECT_EQ(taken, c.taken);
        EXPECT_EQ(parser.empty_line_length(), c.empty_line);
        EXPECT_EQ(test::fault_words(parser.faults()), c.faults);
    }
}

}  // namespace
}  // namespace seamark::trailer_parser_test
