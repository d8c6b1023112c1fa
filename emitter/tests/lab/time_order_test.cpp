// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/time_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace seamark::lab {
namespace {

using Given = std::vector<std::pair<std::int64_t, int>>;

TEST(TimeOrder, SortsWhatWaits) {
    TimeOrder<int> order;
    Given given;
    const auto take = [&](std::int64_t time, int item) { given.emplace_back(time, item); };
    order.push(30, 1);
    order.push(10, 2);
    order.push(20, 3);
    order.push(10, 4);
    EXPECT_EQ(order.next(), 10);
    order.give(20, take);
    EXPECT_EQ(given, (Given{{10, 2}, {10, 4}, {20, 3}}));
    EXPECT_EQ(order.waiting(), 1U);
    order.give_all(take);
    EXPECT_EQ(given.back(), (std::pair<std::int64_t, int>{30, 1}));
    EXPECT_EQ(order.next(), std::nullopt);
    EXPECT_EQ(order.late(), 0U);
}

TEST(TimeOrder, GivesWhatCameTooLateTheLastTime) {
    TimeOrder<int> order;
    Given given;
    const auto take = [&](std::int64_t time, int item) { given.emplace_back(time, item); };
    order.push(100, 1);
    order.give(100, take);
    order.push(99, 2);
    order.push(100, 3);
    order.push(101, 4);
    order.give_all(take);
    EXPECT_EQ(given, (Given{{100, 1}, {100, 2}, {100, 3}, {101, 4}}));
    EXPECT_EQ(order.late(), 1U);
}

TEST(TimeOrder, NeverGoesBackAndLosesNothing) {
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        TimeOrder<int> order;
        Given given;
        const auto take = [&](std::int64_t time, int item) { given.emplace_back(time, item); };
        const int count = 1 + static_cast<int>(random() % 300);
        for (int i = 0; i < count; ++i) {
            order.push(i + static_cast<std::int64_t>(random() % 50), i);
            if (random() % 4 == 0) order.give(i, take);
        }
        order.give_all(take);
        EXPECT_TRUE(std::is_sorted(given.begin(), given.end(),
                                   [](const auto& a, const auto& b) { return a.first < b.first; }));
        std::vector<int> items;
        for (const auto& [time, item] : given) items.push_back(item);
        std::sort(items.begin(), items.end());
        ASSERT_EQ(items.size(), static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) EXPECT_EQ(items[static_cast<std::size_t>(i)], i);
        EXPECT_EQ(order.late(), 0U);  // nothing came later than it was held for
    }
}

}  // namespace
}  // namespace seamark::lab
