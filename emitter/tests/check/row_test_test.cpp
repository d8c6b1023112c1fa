// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/row_test.hpp"

#include <gtest/gtest.h>

namespace seamark::check {
namespace {

using Frames = std::vector<std::uint32_t>;

RowTest read(const std::string& text) {
    RowTest test;
    std::string filter;
    EXPECT_EQ(read_row_test(text, test, filter), "") << text;
    return test;
}

TEST(RowTest, ReadsUnits) {
    const struct {
        const char* text;
        long double number;
    } cases[] = {{"max chunk.gap < 200ms", 200e6L},
                 {"max gap < 200 ms", 200e6L},
                 {"max chunk.gap < 1.5 s", 1.5e9L},
                 {"max chunk.gap < 0.25", 0.25e9L},
                 {"max chunk.gap < 3us", 3e3L},
                 {"max chunk.gap < 3 µs", 3e3L},
                 {"max chunk.gap < 7ns", 7},
                 {"max chunk.gap < 2 min", 120e9L},
                 {"each chunk.size <= 4 KiB", 4096},
                 {"each chunk.size <= 4kB", 4000},
                 {"each chunk.size == 18446744073709551615", 18446744073709551615.0L},
                 {"each burst <= 50%", 50},
                 {"each burst <= 50", 50},
                 {"count chunk.gap >= 3", 3}};
    for (const auto& [text, number] : cases) EXPECT_EQ(read(text).number, number) << text;
}

TEST(RowTest, ReadsAggregates) {
    EXPECT_EQ(read("each held < 1 s").aggregate, Aggregate::kEach);
    EXPECT_EQ(read("held < 1 s").aggregate, Aggregate::kEach);
    EXPECT_EQ(read("min chunk.size > 0").aggregate, Aggregate::kLeast);
    EXPECT_EQ(read("max held < 1 s").aggregate, Aggregate::kMost);
    EXPECT_EQ(read("count held >= 1").aggregate, Aggregate::kCount);
    EXPECT_EQ(read("p99.9 held < 1 s").percentile, static_cast<long double>(99.9));
    EXPECT_EQ(read("p50\theld<1s").comparison, Comparison::kLess);
}

TEST(RowTest, PicksRowsByAFilter) {
    RowTest test;
    std::string filter;
    EXPECT_EQ(
        read_row_test("max gap < 1 s where http.request.uri contains \"where\"", test, filter), "");
    EXPECT_EQ(filter, "http.request.uri contains \"where\"");
}

TEST(RowTest, SaysWhatIsWrong) {
    const struct {
        const char* text;
        const char* part;
    } cases[] = {{"max chunk.gab < 1 s", "\"chunk.gab\" is no field"},
                 {"max < 1 s", "\"\" is no field"},
                 {"p0 held < 1 s", "\"p0 held\" is no field"},
                 {"p101 held < 1 s", "\"p101 held\""},
                 {"max held", "missing after held"},
                 {"max held = 1 s", "missing after held"},
                 {"max held <", "a number is missing after <"},
                 {"max held < soon", "\"soon\" is no number"},
                 {"max held < -1 s", "\"-1 s\" is less"},
                 {"max held < 1 byte", "ns, us"},
                 {"max held < 1e400 s", "\"1e400 s\" is no number"},
                 {"max held < inf", "\"inf\" is no number"},
                 {"max chunk.size < 1 ms", "B, bytes"},
                 {"count held > 1 ms", "plain number"},
                 {"max held < 1 s where", "filter is missing"}};
    for (const auto& [text, part] : cases) {
        RowTest test;
        std::string filter;
        const std::string wrong = read_row_test(text, test, filter);
        EXPECT_NE(wrong.find(part), std::string::npos) << text << ": " << wrong;
    }
}

/// Chunks of these sizes in frames 1, 2, …
RowValues sizes(const std::vector<std::uint64_t>& all) {
    RowValues rows({RowField::kSize}, true);
    std::uint32_t frame = 0;
    for (const std::uint64_t size : all) {
        ChunkRow row;
        row.stream = 3;
        row.message = 1;
        row.chunk = ++frame;
        row.size = size;
        row.frames = {frame};
        if (size == 9) row.cause = "cut: mss (known)";
        rows.add(row);
    }
    rows.finish();
    return rows;
}

Judgement judged(const std::string& text, const std::vector<std::uint64_t>& all) {
    return judge(read(text), sizes(all), nullptr);
}

TEST(RowTest, NamesTheWorst) {
    const Judgement broken = judged("each chunk.size < 5", {1, 9, 6, 2});
    EXPECT_EQ(broken.outcome, Outcome::kBroken);
    EXPECT_EQ(broken.frames, (Frames{2, 3}));
    EXPECT_EQ(broken.found,
              "2 of 4 rows do not, at worst 9 bytes in chunk 2 of stream 3, cut: mss (known)");
    const Judgement small = judged("each chunk.size >= 2", {1, 9, 6, 2});
    EXPECT_EQ(small.frames, Frames{1});
    const Judgement good = judged("each chunk.size < 10", {1, 9});
    EXPECT_EQ(good.outcome, Outcome::kHolds);
    EXPECT_EQ(good.found, "all 2 rows, at worst 9 bytes in chunk 2 of stream 3, cut: mss (known)");
}

TEST(RowTest, ComparesOneValueOfAll) {
    EXPECT_EQ(judged("max chunk.size <= 9", {1, 9}).outcome, Outcome::kHolds);
    const Judgement most = judged("max chunk.size < 9", {1, 9, 4});
    EXPECT_EQ(most.outcome, Outcome::kBroken);
    EXPECT_EQ(most.frames, Frames{2});
    EXPECT_EQ(most.found, "is 9 bytes in chunk 2 of stream 3, cut: mss (known), over 3 rows");
    EXPECT_EQ(judged("min chunk.size > 1", {5, 1, 9}).frames, Frames{2});
    EXPECT_EQ(judged("count chunk.size == 3", {5, 1, 9}).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("count chunk.size > 3", {5, 1, 9}).outcome, Outcome::kBroken);
}

TEST(RowTest, PercentilesAreOfTheNearestRank) {
    // Of 1 to 100, 50 % are at most 50 and 99 % at most 99; 99.5 % takes all.
    std::vector<std::uint64_t> all;
    for (std::uint64_t i = 100; i >= 1; --i) all.push_back(i);
    EXPECT_EQ(judged("p50 chunk.size == 50", all).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("p99 chunk.size == 99", all).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("p99.5 chunk.size == 100", all).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("p100 chunk.size == 100", all).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("p0.1 chunk.size == 1", all).outcome, Outcome::kHolds);
    EXPECT_EQ(judged("p50 chunk.size == 1", {1, 2}).outcome, Outcome::kHolds);
    const Judgement broken = judged("p99 chunk.size < 9", all);
    EXPECT_EQ(broken.found, "is 99 bytes over 100 rows, at worst 100 bytes in chunk 1 of stream 3");
    EXPECT_EQ(broken.frames, Frames{1});
}

TEST(RowTest, WithoutARowNothingIsKnown) {
    EXPECT_EQ(judged("max held < 1 s", {1, 2}).outcome, Outcome::kUnknown);
    EXPECT_EQ(judged("count held < 1", {1, 2}).outcome, Outcome::kUnknown);
    const FrameRuns none;
    EXPECT_EQ(judge(read("max chunk.size < 9"), sizes({1}), &none).outcome, Outcome::kUnknown);
}

TEST(RowTest, OnlyChosenRowsCount) {
    const FrameRuns chosen{{2, 3}};
    EXPECT_EQ(judge(read("max chunk.size == 6"), sizes({9, 6, 2, 7}), &chosen).outcome,
              Outcome::kHolds);
}

TEST(Quantity, IsShownInFewDigits) {
    EXPECT_EQ(shown(0, Dimension::kTime), "0 ns");
    EXPECT_EQ(shown(203'412'345, Dimension::kTime), "203.4 ms");
    EXPECT_EQ(shown(1'500, Dimension::kTime), "1.5 us");
    EXPECT_EQ(shown(-2e9L, Dimension::kTime), "-2 s");
    EXPECT_EQ(shown(1, Dimension::kBytes), "1 byte");
    EXPECT_EQ(shown(18446744073709551615.0L, Dimension::kBytes), "18446744073709551615 bytes");
    EXPECT_EQ(shown(100.0L / 3, Dimension::kPercent), "33.33 %");
}

TEST(RowField, EachNameLeadsBack) {
    for (std::size_t i = 0; i < kRowFields; ++i) {
        const auto field = static_cast<RowField>(i);
        EXPECT_EQ(field_of(name_of(field)), field);
    }
    EXPECT_FALSE(field_of(""));
}

}  // namespace
}  // namespace seamark::check
