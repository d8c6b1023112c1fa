// SPDX-License-Identifier: GPL-2.0-or-later
//
// The words of causes: in filters, in sentences and on pictures.
#include "core/report/cause_words.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace seamark::cause_words_test {
namespace {

TEST(CauseWords, ListIsSeparatedByCommasAndOr) {
    EXPECT_EQ(words::cause_phrases({}), "");
    EXPECT_EQ(words::cause_phrases({Cause::kNagle}), "Nagle's algorithm");
    EXPECT_EQ(words::cause_phrases({Cause::kNagle, Cause::kCork}), "Nagle's algorithm or TCP_CORK");
    EXPECT_EQ(words::cause_phrases({Cause::kNagle, Cause::kCork, Cause::kMss}),
              "Nagle's algorithm, TCP_CORK or the size of a packet (MSS)");
    EXPECT_EQ(words::cause_names({Cause::kCwnd, Cause::kRwnd, Cause::kCork}),
              "congestion window, receive window or TCP_CORK");
}

TEST(CauseWords, OfEachCauseAreItsOwn) {
    std::set<std::string> phrases;
    std::set<std::string> names;
    std::set<std::string> filters;
    const int count = static_cast<int>(Cause::kUnknown) + 1;
    for (int i = 0; i < count; ++i) {
        const auto cause = static_cast<Cause>(i);
        phrases.insert(words::cause_phrases({cause}));
        names.insert(words::cause_names({cause}));
        filters.insert(std::string(to_string(cause)));
    }
    for (const auto* all : {&phrases, &names, &filters}) {
        EXPECT_EQ(all->size(), static_cast<std::size_t>(count));
        EXPECT_FALSE(all->contains(""));
    }
    // A picture's script separates names at these.
    for (const std::string& name : names) {
        EXPECT_EQ(name.find(','), std::string::npos) << name;
        EXPECT_EQ(name.find(" or "), std::string::npos) << name;
    }
    for (const std::string& word : filters)
        EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos) << word;
}

}  // namespace
}  // namespace seamark::cause_words_test
