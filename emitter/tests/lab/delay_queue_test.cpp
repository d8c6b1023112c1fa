// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/delay_queue.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace seamark::lab {
namespace {

constexpr std::int64_t ms = 1'000'000;

TEST(DelayQueue, AddsTheDelay) {
    DelayQueue queue({.delay = 20 * ms});
    EXPECT_EQ(queue.leaves_at(5, 1500, true), 5 + 20 * ms);
    EXPECT_EQ(queue.leaves_at(6, 1500, true), 6 + 20 * ms);
}

TEST(DelayQueue, IsAsSlowAsItsRate) {
    // 1 Mbit/s: 1250 bytes take 10 ms.
    DelayQueue queue({.delay = ms, .rate = 1'000'000});
    EXPECT_EQ(queue.leaves_at(0, 1250, true), 11 * ms);
    EXPECT_EQ(queue.leaves_at(0, 1250, true), 21 * ms);
    EXPECT_EQ(queue.leaves_at(100 * ms, 125, false), 102 * ms);  // the wire was free again
}

struct Fate {
    int lost = 0;
    int held = 0;
    std::vector<bool> which;
};

Fate fate_of(const DelayQueue::Nature& nature, bool has_data) {
    DelayQueue queue(nature);
    Fate fate;
    for (int i = 0; i < 10'000; ++i) {
        const auto time = queue.leaves_at(i, 100, has_data);
        fate.which.push_back(time.has_value());
        if (!time) ++fate.lost;
        if (time && *time - i > nature.delay) ++fate.held;
    }
    return fate;
}

TEST(DelayQueue, LosesAndHoldsTheShareItWasToldTo) {
    const Fate fate = fate_of({.delay = 10, .loss = 0.05, .reorder = 0.1}, true);
    // Binomial: 500 of 10,000 with a deviation of 22, and 950 with one of 29.
    EXPECT_NEAR(fate.lost, 500, 130);
    EXPECT_NEAR(fate.held, 950, 180);
}

TEST(DelayQueue, LosesNothingThatHasNoData) {
    const Fate fate = fate_of({.delay = 10, .loss = 0.5, .reorder = 0.5}, false);
    EXPECT_EQ(fate.lost, 0);
    EXPECT_EQ(fate.held, 0);
}

TEST(DelayQueue, ChoosesByItsSeedAlone) {
    const auto which = [](std::uint64_t seed) {
        return fate_of({.loss = 0.1, .seed = seed}, true).which;
    };
    EXPECT_EQ(which(7), which(7));
    EXPECT_NE(which(7), which(8));
}

}  // namespace
}  // namespace seamark::lab
