// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/range_index.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "support/position.hpp"

namespace seamark::range_index_test {
namespace {

using test::kEverything;
using test::operator""_at;

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
    EXPECT_EQ(claim(index, {10_at, 20_at}, 1), (Ranges{{10_at, 20_at}}));
    EXPECT_EQ(claim(index, {10_at, 20_at}, 2), Ranges{}) << "a retransmission brings nothing";
    EXPECT_EQ(claim(index, {5_at, 15_at}, 3), (Ranges{{5_at, 10_at}}));
    EXPECT_EQ(claim(index, {30_at, 40_at}, 4), (Ranges{{30_at, 40_at}}));
    EXPECT_EQ(claim(index, {0_at, 50_at}, 5),
              (Ranges{{0_at, 5_at}, {20_at, 30_at}, {40_at, 50_at}}));
    EXPECT_EQ(runs(index, {0_at, 50_at}), (Ranges{{0_at, 5_at},
                                                  {5_at, 10_at},
                                                  {10_at, 20_at},
                                                  {20_at, 30_at},
                                                  {30_at, 40_at},
                                                  {40_at, 50_at}}));
    EXPECT_EQ(claim(index, {7_at, 7_at}, 6), Ranges{}) << "an empty range owns nothing";
}

TEST(RangeIndex, QueriesAreClippedToTheRange) {
    RangeIndex index;
    claim(index, {10_at, 20_at}, 1);
    claim(index, {25_at, 30_at}, 2);
    EXPECT_EQ(runs(index, {15_at, 27_at}), (Ranges{{15_at, 20_at}, {25_at, 27_at}}));
    EXPECT_EQ(runs(index, {20_at, 25_at}), Ranges{});
    EXPECT_EQ(runs(index, {0_at, 10_at}), Ranges{});
    EXPECT_EQ(runs(index, {30_at, 99_at}), Ranges{});
    EXPECT_EQ(index.covered({0_at, 99_at}), 15u);
    EXPECT_TRUE(index.covers({12_at, 18_at}));
    EXPECT_FALSE(index.covers({12_at, 21_at}));
    EXPECT_TRUE(index.covers({50_at, 50_at})) << "nothing is missing from an empty range";
    EXPECT_EQ(index.begin(), 10_at);
    EXPECT_EQ(index.end(), 30_at);
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
            const StreamOffset begin{random() % space};
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
            const StreamOffset begin{random() % space};
            const ByteRange range{begin, begin + random() % 500};
            std::map<StreamOffset, unsigned> found;
            StreamOffset previous_end;
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
            const StreamOffset floor{range.begin.value / 2};
            while (range.begin - gap > floor && !owner.contains(range.begin - gap - 1)) ++gap;
            ASSERT_EQ(index.gap_before(range.begin, floor), gap) << range.begin.value;
        }
        EXPECT_EQ(index.begin(), owner.begin()->first);
        EXPECT_EQ(index.end(), owner.rbegin()->first + 1);
    }
}

TEST(RangeIndex, TakesManySegmentsInReverseOrder) {
    // Were each of them moved at each insertion, this would take long.
    RangeIndex index;
    constexpr unsigned kSegments = 300'000;
    for (std::uint64_t i = kSegments; i > 0; --i) claim(index, test::range(2 * i, 2 * i + 1), i);
    EXPECT_EQ(index.count(kEverything), kSegments);
    EXPECT_EQ(index.covered(test::range(0, 2 * kSegments + 2)), kSegments);
}

/// A frame that was dropped: what it carried stays known, and is no one's.
TEST(RangeIndex, ADisownedFrameKeepsItsBytesAndLosesItsName) {
    RangeIndex index;
    claim(index, {0_at, 10_at}, 1);
    claim(index, {10_at, 20_at}, 2);
    claim(index, {20_at, 30_at}, 1);
    claim(index, {40_at, 50_at}, 1);
    const std::uint32_t version = index.version();
    index.disown({0_at, 25_at}, frame(1));
    EXPECT_NE(index.version(), version);
    std::vector<FrameNumber> owners;
    index.each({0_at, 60_at}, [&](const OwnedRun& run) { owners.push_back(run.frame); });
    EXPECT_EQ(owners, (std::vector<FrameNumber>{FrameNumber::kNone, frame(2), FrameNumber::kNone,
                                                frame(1)}))
        << "the last run lies behind the range";
    EXPECT_EQ(index.covered({0_at, 60_at}), 40u);
    EXPECT_EQ(claim(index, {0_at, 10_at}, 3), Ranges{}) << "they were read";
}

TEST(RangeIndex, OfNothingKnowsNothing) {
    RangeIndex index;
    EXPECT_TRUE(index.empty());
    EXPECT_EQ(runs(index, {0_at, 10_at}), Ranges{});
    EXPECT_EQ(index.last({0_at, 10_at}), nullptr);
    EXPECT_EQ(index.count({0_at, 10_at}), 0u);
    EXPECT_EQ(index.gap_before(10_at, 3_at), 7u);
    index.disown({0_at, 10_at}, frame(1));
    claim(index, {20_at, 30_at}, 1);
    EXPECT_EQ(index.last({0_at, 20_at}), nullptr) << "all of it lies behind";
    EXPECT_EQ(index.last({15_at, 15_at}), nullptr) << "an empty range has no run";
}

}  // namespace
}  // namespace seamark::range_index_test
