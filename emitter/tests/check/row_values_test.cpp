// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/row_values.hpp"

#include <gtest/gtest.h>

namespace seamark::check {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kStart = 1'700'000'000'000'000'000;

/// A chunk of 32 bytes of one response, in a frame of its own.
ChunkRow row(std::uint32_t chunk, std::int64_t at, std::uint32_t message = 1) {
    ChunkRow made;
    made.response = true;
    made.message = message;
    made.chunk = chunk;
    made.size = 32;
    made.frames = {100 * message + chunk};
    made.time = kStart + at;
    made.spread = 0;
    made.after_request = at;
    return made;
}

ChunkRow last(std::uint32_t chunk, std::int64_t at) {
    ChunkRow made = row(chunk, at);
    made.size = 0;
    return made;
}

std::vector<long double> values(const std::vector<ChunkRow>& rows, RowField field) {
    RowValues gathered({field}, false);
    for (const ChunkRow& one : rows) gathered.add(one);
    gathered.finish();
    std::vector<long double> found;
    for (const RowValue& value : gathered.of(field)) found.push_back(value.quantity);
    return found;
}

using Values = std::vector<long double>;

TEST(RowValues, GapsLieBetweenDataChunksOfAMessage) {
    EXPECT_EQ(values({row(1, 0), row(2, 10 * kMs), row(3, 15 * kMs), last(4, 900 * kMs),
                      row(1, 2000 * kMs, 2), row(2, 2001 * kMs, 2)},
                     RowField::kGap),
              (Values{10 * kMs, 5 * kMs, 1 * kMs}));
}

TEST(RowValues, AChunkBehindALateOneCanBeReadWithIt) {
    ChunkRow late = row(2, 10 * kMs);
    late.spread = 90 * kMs;  // a piece of it was lost and sent again
    EXPECT_EQ(values({row(1, 0), late, row(3, 20 * kMs), row(4, 130 * kMs)}, RowField::kGap),
              (Values{100 * kMs, 0, 30 * kMs}));
}

TEST(RowValues, NothingIsComparedAcrossAHole) {
    ChunkRow holed = row(2, 10 * kMs);
    holed.spread.reset();
    EXPECT_EQ(values({row(1, 0), holed, row(3, 20 * kMs), row(4, 21 * kMs)}, RowField::kGap),
              (Values{1 * kMs}));
    EXPECT_TRUE(values({row(1, 0), holed, row(3, 20 * kMs)}, RowField::kBurst).empty());
}

TEST(RowValues, ACutOffLastChunkDoesNotCountAgainstABurst) {
    ChunkRow cut = row(3, 20 * kMs);
    cut.spread.reset();
    EXPECT_EQ(values({row(1, 0), row(2, 10 * kMs), cut}, RowField::kBurst), Values{0});
}

TEST(RowValues, OneChunkIsCollected) {
    EXPECT_EQ(values({row(1, 0), last(2, 0)}, RowField::kBurst), Values{100});
}

TEST(RowValues, ABurstIsWhatComesTogether) {
    // Five of six come within 40 us of each other: of the five that could have come apart, four did
    // not.
    EXPECT_EQ(
        values({row(1, 0), row(2, 500 * kMs), row(3, 500 * kMs + 10'000),
                row(4, 500 * kMs + 20'000), row(5, 500 * kMs + 30'000), row(6, 500 * kMs + 40'000)},
               RowField::kBurst),
        Values{80});
    EXPECT_EQ(values({row(1, 0), row(2, 20 * kMs), row(3, 40 * kMs)}, RowField::kBurst), Values{0});
}

TEST(RowValues, AFastStreamIsNoBurst) {
    std::vector<ChunkRow> rows;
    for (std::uint32_t i = 0; i < 100; ++i) rows.push_back(row(i + 1, std::int64_t{i} * 900'000));
    EXPECT_EQ(values(rows, RowField::kBurst), Values{0});
}

TEST(RowValues, RequestsHaveNoBurst) {
    ChunkRow upload = row(1, 0);
    upload.response = false;
    EXPECT_TRUE(values({upload}, RowField::kBurst).empty());
}

TEST(RowValues, FirstChunkIsTheFirstWithData) {
    EXPECT_EQ(values({row(1, 7 * kMs), row(2, 9 * kMs), last(3, 9 * kMs)}, RowField::kFirst),
              Values{7 * kMs});
    EXPECT_EQ(values({row(1, 7 * kMs), row(2, 9 * kMs), last(3, 9 * kMs)}, RowField::kAfterRequest),
              (Values{7 * kMs, 9 * kMs}));
    EXPECT_TRUE(values({last(1, 7 * kMs)}, RowField::kFirst).empty());
}

TEST(RowValues, TheLastChunkRidesAlongUncounted) {
    ChunkRow first = row(1, 0);
    first.frames = {5};
    ChunkRow second = row(2, kMs);
    second.frames = {5, 6};
    ChunkRow end = last(3, kMs);
    end.frames = {6};
    EXPECT_EQ(values({first, second, end}, RowField::kPerSegment), (Values{2, 1}));
}

TEST(RowValues, HeldOverCountsWhatHadComeMeanwhile) {
    ChunkRow first = row(1, 0);
    first.held = 25 * kMs;
    ChunkRow second = row(2, 10 * kMs);
    second.held = 15 * kMs;
    ChunkRow third = row(3, 20 * kMs);
    third.held = 5 * kMs;
    EXPECT_EQ(values({first, second, third}, RowField::kHeldOver), (Values{2, 1, 0}));
    // What came with it was not waited for.
    second.time = *first.time + 10'000;
    EXPECT_EQ(values({first, second, third}, RowField::kHeldOver), (Values{1, 0, 0}));
}

TEST(RowValues, KnowTheirCauseAndFrames) {
    RowValues rows({RowField::kGap}, true);
    rows.add(row(1, 0));
    ChunkRow held = row(2, kMs);
    held.frames = {3, 4, 9};
    held.cause = "held: nagle (known)";
    rows.add(held);
    rows.finish();
    ASSERT_EQ(rows.of(RowField::kGap).size(), 1U);
    const RowValue& value = rows.of(RowField::kGap).front();
    EXPECT_EQ(rows.cause(value), "held: nagle (known)");
    EXPECT_EQ(value.frame, 9U);
    EXPECT_TRUE(rows.any_in(value, {{4, 4}}));
    EXPECT_TRUE(rows.any_in(value, {{1, 2}, {8, 100}}));
    EXPECT_FALSE(rows.any_in(value, {{1, 2}, {5, 8}, {10, 11}}));
    EXPECT_FALSE(rows.any_in(value, {}));
}

TEST(RowValues, AMessageIsPickedByAnyOfItsFrames) {
    RowValues rows({RowField::kBurst, RowField::kFirst, RowField::kPerSegment}, true);
    rows.add(row(1, 0));
    rows.add(row(2, kMs));
    rows.add(last(3, 2 * kMs));    // in frame 103
    rows.add(row(1, 9 * kMs, 2));  // in frame 201
    rows.finish();
    for (const RowField field : {RowField::kBurst, RowField::kFirst}) {
        ASSERT_EQ(rows.of(field).size(), 2U);
        EXPECT_TRUE(rows.any_in(rows.of(field)[0], {{103, 103}}));
        EXPECT_FALSE(rows.any_in(rows.of(field)[0], {{201, 201}}));
        EXPECT_TRUE(rows.any_in(rows.of(field)[1], {{201, 201}}));
        EXPECT_FALSE(rows.any_in(rows.of(field)[1], {{1, 200}}));
    }
}

TEST(RowValues, WithoutTimesThereAreNone) {
    ChunkRow timeless = row(1, 0);
    timeless.time.reset();
    timeless.spread.reset();
    timeless.after_request.reset();
    for (const RowField field : {RowField::kGap, RowField::kBurst, RowField::kFirst})
        EXPECT_TRUE(values({timeless, timeless}, field).empty());
}

/// An event of one response, in a frame of its own.
EventRow event(std::uint32_t number, std::int64_t at, std::uint32_t message = 1) {
    EventRow made;
    made.response = true;
    made.message = message;
    made.event = number;
    made.size = 50;
    made.frames = {100 * message + number};
    made.ready = kStart + at;
    made.after_request = at;
    return made;
}

Values of_events(const std::vector<EventRow>& rows, RowField field) {
    RowValues gathered({field}, true);
    for (const EventRow& one : rows) gathered.add(one);
    gathered.finish();
    Values found;
    for (const RowValue& value : gathered.of(field)) {
        EXPECT_TRUE(value.is_event);
        found.push_back(value.quantity);
    }
    return found;
}

TEST(RowValues, EventsHaveValuesOfTheirOwn) {
    std::vector<EventRow> rows{event(1, 5 * kMs), event(0, 6 * kMs), event(2, 900 * kMs),
                               event(1, 7 * kMs, 2)};
    rows[2].gap = 895 * kMs;
    rows[2].kept = true;
    EXPECT_EQ(of_events(rows, RowField::kEventSize), (Values{50, 50, 50}));
    EXPECT_EQ(of_events(rows, RowField::kEventFrames), (Values{1, 1, 1}));
    EXPECT_EQ(of_events(rows, RowField::kEventGap), (Values{895 * kMs}));
    EXPECT_EQ(of_events(rows, RowField::kEventFirst), (Values{5 * kMs, 7 * kMs}));
    EXPECT_EQ(of_events(rows, RowField::kEventAfterRequest), (Values{5 * kMs, 900 * kMs, 7 * kMs}));
    EXPECT_EQ(of_events(rows, RowField::kEventBurst), (Values{0, 100}));
    EXPECT_EQ(of_events(rows, RowField::kEventKept), (Values{50, 0}));
}

TEST(RowValues, LatencyHasAValueForEachLayerOfARow) {
    LatencyRow row;
    row.stream = 3;
    row.number = 4;
    row.frames = {5, 9};
    row.time = 70;
    row.layers = {{"proxy", 60}, {"wire", 10}};
    RowValues gathered({RowField::kLatency, RowField::kLatencyProxy, RowField::kLatencyStack},
                       true);
    gathered.add(row);
    gathered.finish();
    ASSERT_EQ(gathered.of(RowField::kLatency).size(), 1U);
    EXPECT_EQ(gathered.of(RowField::kLatency)[0].quantity, 70);
    EXPECT_EQ(gathered.of(RowField::kLatency)[0].frame, 9U);
    EXPECT_FALSE(gathered.of(RowField::kLatency)[0].is_event);
    ASSERT_EQ(gathered.of(RowField::kLatencyProxy).size(), 1U);
    EXPECT_EQ(gathered.of(RowField::kLatencyProxy)[0].quantity, 60);
    EXPECT_TRUE(gathered.any_in(gathered.of(RowField::kLatencyProxy)[0], {{5, 5}}));
    EXPECT_TRUE(gathered.of(RowField::kLatencyStack).empty());
    EXPECT_EQ(field_of("latency.proxy"), RowField::kLatencyProxy);
    EXPECT_EQ(layer_of(RowField::kLatencyProxy), "proxy");
    EXPECT_EQ(layer_of(RowField::kLatency), "");
}

}  // namespace
}  // namespace seamark::check
