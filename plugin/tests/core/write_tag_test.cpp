// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/write_tag.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace seamark::write_tag_test {
namespace {

constexpr std::uint64_t kMost = 18446744073709551615u;

TEST(WriteTag, ReadsSoundTags) {
    struct Case {
        std::string_view extension;
        WriteRange range;
    };
    const Case cases[] = {
        {";w=7", {7, 7}},         {";w=7-9", {7, 9}},
        {";w=7-7", {7, 7}},       {"; w=7 ", {7, 7}},
        {";a=b;w=12", {12, 12}},  {";a;w=12;b", {12, 12}},
        {";w=1-1024", {1, 1024}}, {";w=18446744073709551615", {kMost, kMost}},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.extension);
        const WriteTag tag = parse_write_tag(c.extension);
        ASSERT_TRUE(tag.range);
        EXPECT_EQ(tag.range->first, c.range.first);
        EXPECT_EQ(tag.range->last, c.range.last);
        EXPECT_FALSE(tag.faulty);
    }
}

TEST(WriteRange, NamesEachOfItsWritesUpToTheHighestThatThereIs) {
    using Indices = std::vector<std::uint64_t>;
    const auto named = [](WriteRange range) {
        Indices indices;
        range.each([&](std::uint64_t index) {
            ASSERT_LT(indices.size(), 4U);
            indices.push_back(index);
        });
        return indices;
    };
    EXPECT_EQ(named({7, 7}), (Indices{7}));
    EXPECT_EQ(named({7, 9}), (Indices{7, 8, 9}));
    EXPECT_EQ(named({kMost, kMost}), (Indices{kMost}));
    EXPECT_EQ(named({kMost - 1, kMost}), (Indices{kMost - 1, kMost}));
}

TEST(WriteTag, BelievesNothingElse) {
    for (const std::string_view extension :
         {";w=", ";w", ";w=0", ";w=-7", ";w=+7", ";w=7-", ";w=-", ";w=9-7", ";w=1-1025", ";w=0-5",
          ";w=7x", ";w=0x7", ";w=7-9-11", ";w=18446744073709551616", ";w=\"7\"", ";w=7 9"}) {
        SCOPED_TRACE(extension);
        const WriteTag tag = parse_write_tag(extension);
        EXPECT_FALSE(tag.range);
        EXPECT_TRUE(tag.faulty);
    }
}

TEST(WriteTag, LeavesOtherExtensionsAlone) {
    for (const std::string_view extension : {"", ";", ";a=b", ";ww=7", ";W=7", ";x=w=7",
                                             ";x=\";w=7\"", ";x=\"\\\";w=7\"", ";x=\"\\"}) {
        SCOPED_TRACE(extension);
        const WriteTag tag = parse_write_tag(extension);
        EXPECT_FALSE(tag.range);
        EXPECT_FALSE(tag.faulty);
    }
}

}  // namespace
}  // namespace seamark::write_tag_test
