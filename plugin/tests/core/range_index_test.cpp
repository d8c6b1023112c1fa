// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/range_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace seamark {
namespace {

FrameNumber frame(unsigned number) {
    return FrameNumber{number};
}

std::vector<ByteRange> claim(RangeIndex& index, ByteRange range, unsigned owner) {
    std::vector<ByteRange> fresh;
    index.claim(range, frame(owner), [&](ByteRange part) { fresh.push_back(part); });
    return fresh;
}

std::vector<ByteRange> runs(const RangeIndex& index, ByteRange range) {
    std::vector<ByteRange> found;
    index.each(range, [&](const OwnedRun& run) { found.push_back(run.range()); });
    return found;
}

using Ranges = std::vector<ByteRange>;

TEST(RangeIndex, FirstArrivalWins) {
    RangeIndex index;
    EXPECT_EQ(claim(index, {10, 20}, 1), (Ranges{{10, 20}}));
    EXPECT_EQ(claim(index, {10, 20}, 2), Ranges{}) << "a retransmission brings nothing";
    EXPECT_EQ(claim(index, {5, 15}, 3), (Ranges{{5, 10}}));
    EXPECT_EQ(claim(index, {30, 40}, 4), (Ranges{{30, 40}}));
    EXPECT_EQ(claim(index, {0, 50}, 5), (Ranges{{0, 5}, {20, 30}, {40, 50}}));
    EXPECT_EQ(runs(index, {0, 50}),
              (Ranges{{0, 5}, {5, 10}, {10, 20}, {20, 30}, {30, 40}, {40, 50}}));
    EXPECT_EQ(claim(index, {7, 7}, 6), Ranges{}) << "an empty range owns nothing";
}

TEST(RangeIndex, QueriesAreClippedToTheRange) {
    RangeIndex index;
    claim(index, {10, 20}, 1);
    claim(index, {25, 30}, 2);
    EXPECT_EQ(runs(index, {15, 27}), (Ranges{{15, 20}, {25, 27}}));
    EXPECT_EQ(runs(index, {20, 25}), Ranges{});
    EXPECT_EQ(runs(index, {0, 10}), Ranges{});
    EXPECT_EQ(runs(index, {30, 99}), Ranges{});
    EXPECT_EQ(index.covered({0, 99}), 15u);
    EXPECT_TRUE(index.covers({12, 18}));
    EXPECT_FALSE(index.covers({12, 21}));
    EXPECT_TRUE(index.covers({50, 50})) << "nothing is missing from an empty range";
    EXPECT_EQ(index.begin(), 10u);
    EXPECT_EQ(index.end(), 30u);
}

/// The same answers as a map from byte to owner, whatever the order of arrival.
TEST(RangeIndex, AgreesWithAMapOfBytes) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const std::uint64_t space = seed % 2 ? 3000 : 200000;
        const std::uint64_t longest = seed % 4 < 2 ? 4 : 60;
        RangeIndex index;
        std::map<StreamOffset, unsigned> owner;
        for (unsigned step = 1; step <= 3000; ++step) {
            const StreamOffset begin = random() % space;
            const ByteRange range{begin, begin + random() % longest};
            std::vector<StreamOffset> expected;
            for (StreamOffset at = range.begin; at < range.end; ++at)
                if (owner.emplace(at, step).second) expected.push_back(at);
            std::vector<StreamOffset> fresh;
            for (const ByteRange part : claim(index, range, step))
                for (StreamOffset at = part.begin; at < part.end; ++at) fresh.push_back(at);
            ASSERT_EQ(fresh, expected) << "step " << step;
        }
        for (unsigned query = 0; query < 300; ++query) {
            const StreamOffset begin = random() % space;
            const ByteRange range{begin, begin + random() % 500};
            std::map<StreamOffset, unsigned> found;
            StreamOffset previous_end = 0;
            index.each(range, [&](const OwnedRun& run) {
                ASSERT_GE(run.begin, previous_end) << "runs overlap";
                ASSERT_GT(run.length, 0u);
                previous_end = run.end();
                for (StreamOffset at = run.begin; at < run.end(); ++at)
                    found[at] = static_cast<unsigned>(run.frame);
            });
            const std::map<StreamOffset, unsigned> expected(owner.lower_bound(range.begin),
                                                            owner.lower_bound(range.end));
            ASSERT_EQ(found, expected);
            ASSERT_EQ(index.covered(range), expected.size());
            ASSERT_EQ(index.covers(range), expected.size() == range.length());
            ASSERT_EQ(index.count(range), runs(index, range).size());
            const OwnedRun* last = index.last(range);
            ASSERT_EQ(last != nullptr, !expected.empty());
            if (last != nullptr) {
                ASSERT_TRUE(last->range().contains(expected.rbegin()->first));
            }
            std::uint64_t gap = 0;
            const StreamOffset floor = range.begin / 2;
            while (range.begin - gap > floor && !owner.contains(range.begin - gap - 1)) ++gap;
            ASSERT_EQ(index.gap_before(range.begin, floor), gap) << range.begin;
        }
        EXPECT_EQ(index.begin(), owner.begin()->first);
        EXPECT_EQ(index.end(), owner.rbegin()->first + 1);
    }
}

TEST(RangeIndex, TakesManySegmentsInReverseOrder) {
    // Were each of them moved at each insertion, this would take long.
    RangeIndex index;
    constexpr unsigned kSegments = 300'000;
    for (unsigned i = kSegments; i > 0; --i) claim(index, {2 * i, 2 * i + 1}, i);
    EXPECT_EQ(index.count({0, ~StreamOffset{0}}), kSegments);
    EXPECT_EQ(index.covered({0, 2 * kSegments + 2}), kSegments);
}

}  // namespace
}  // namespace seamark
