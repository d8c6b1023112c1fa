// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/block_vector.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/text_pool.hpp"

namespace seamark::block_vector_test {
namespace {

TEST(BlockVector, HoldsWhatWasPushedAtAddressesThatStay) {
    BlockVector<std::size_t> vector;
    EXPECT_TRUE(vector.empty());
    EXPECT_EQ(vector.begin(), vector.end());
    std::vector<const std::size_t*> addresses;
    for (std::size_t i = 0; i < 10'000; ++i) {
        vector.push_back(i * i);
        addresses.push_back(&vector.back());
        ASSERT_EQ(vector.size(), i + 1);
        ASSERT_EQ(vector.back(), i * i);
    }
    for (std::size_t i = 0; i < vector.size(); ++i) {
        ASSERT_EQ(vector[i], i * i);
        ASSERT_EQ(&vector[i], addresses[i]);
    }
    EXPECT_EQ(vector.front(), 0u);
    vector.back() = 7;
    EXPECT_EQ(vector[9'999], 7u);
}

TEST(BlockVector, IsSearchedLikeAnySequence) {
    BlockVector<int> vector;
    for (int i = 0; i < 5'000; ++i) vector.push_back(2 * i);
    for (const int wanted : {-1, 0, 1, 7, 4090, 4096, 9'998, 9'999, 20'000}) {
        const auto found = std::lower_bound(vector.begin(), vector.end(), wanted);
        EXPECT_EQ(found - vector.begin(), std::clamp((wanted + 1) / 2, 0, 5'000)) << wanted;
    }
    int expected = 0;
    for (const int value : vector) {
        ASSERT_EQ(value, expected);
        expected += 2;
    }
    EXPECT_EQ(expected, 10'000);
    EXPECT_EQ(*(vector.end() - 1), 9'998);
    EXPECT_EQ(vector.begin()[3], 6);
}

TEST(TextPool, KeepsTextsWhereTheyAre) {
    TextPool pool;
    std::vector<std::pair<const char*, std::string>> kept;
    for (const std::size_t size : {0, 1, 5, 31, 32, 33, 100, 70'000, 3, 40'000, 0, 32'768})
        for (int i = 0; i < 50; ++i) {
            const std::string text(size, static_cast<char>('a' + i % 26));
            kept.emplace_back(pool.add(text), text);
        }
    for (const auto& [at, text] : kept) ASSERT_EQ(std::string_view(at, text.size()), text);
}

}  // namespace
}  // namespace seamark::block_vector_test
