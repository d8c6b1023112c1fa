// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/fault.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string_view>

#include "support/text.hpp"

namespace seamark::fault_test {
namespace {

TEST(Fault, HasAWordOfItsOwnAndASentence) {
    std::set<std::string_view> words;
    for (unsigned i = 0; i < static_cast<unsigned>(Fault::kCount); ++i) {
        const Fault fault{static_cast<std::uint8_t>(i)};
        EXPECT_TRUE(words.insert(to_string(fault)).second) << to_string(fault);
        for (const char c : to_string(fault))
            EXPECT_TRUE(std::islower(static_cast<unsigned char>(c)) || c == '-' || c == '1' ||
                        c == '0')
                << to_string(fault);
        EXPECT_GT(describe(fault).size(), to_string(fault).size());
    }
    EXPECT_EQ(to_string(Fault::kBareLf), "bare-lf");
    EXPECT_EQ(to_string(Fault::kMissingBytes), "missing-bytes");
    EXPECT_EQ(to_string(Fault::kBadTag), "bad-tag")
        << "the order of the table is the enumeration's";
}

/// DESIGN.md: "Refused, with a fault that says why", and a length that cannot be framed.
TEST(Fault, IsFatalWhereNothingCanBeFramed) {
    std::string fatal;
    for (unsigned i = 0; i < static_cast<unsigned>(Fault::kCount); ++i) {
        const Fault fault{static_cast<std::uint8_t>(i)};
        if (is_fatal(fault)) fatal.append(to_string(fault)).append(" ");
    }
    EXPECT_EQ(fatal,
              "bad-length missing-size bad-size size-overflow size-line-too-long bad-size-line-end "
              "bad-chunk-end ");
}

TEST(FaultSet, IsASet) {
    FaultSet set;
    EXPECT_TRUE(set.empty());
    set.add(Fault::kUnfinished);
    set.add(Fault::kBareLf);
    set.add(Fault::kBareLf);
    EXPECT_EQ(set.count(), 2);
    EXPECT_TRUE(set.has(Fault::kBareLf));
    EXPECT_FALSE(set.has(Fault::kBareCr));
    FaultSet more;
    more.add(Fault::kBareCr);
    more.add(set);
    EXPECT_EQ(test::fault_words(more), "bare-lf bare-cr unfinished");
}

}  // namespace
}  // namespace seamark::fault_test
