// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/event_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "plan/body_source.hpp"
#include "plan/pauses.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

constexpr EventFormat formats[] = {EventFormat::sse, EventFormat::ndjson, EventFormat::json_seq};

std::string made_up(EventFormat format, std::string_view number, std::uint64_t size) {
    std::string out(size + 1, '!');
    EXPECT_EQ(put_event(out.data(), format, number, size, 0, size), out.data() + size);
    EXPECT_EQ(out.back(), '!') << "wrote too far";
    out.pop_back();
    return out;
}

TEST(EventText, HasItsNumberAndAsManyLettersAsFit) {
    EXPECT_EQ(made_up(EventFormat::sse, "7", 32), "event: token\nid: 7\ndata: abcde\n\n");
    EXPECT_EQ(made_up(EventFormat::ndjson, "12", 32), "{\"event\":12,\"data\":\"abcdefghi\"}\n");
    EXPECT_EQ(made_up(EventFormat::json_seq, "12", 32),
              "\x1e{\"event\":12,\"data\":\"abcdefgh\"}\n");
    EXPECT_EQ(
        made_up(EventFormat::sse, "1", 80),
        "event: token\nid: 1\ndata: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyza\n\n");
}

TEST(EventText, TheLeastHasOneLetter) {
    EXPECT_EQ(least_event(EventFormat::sse, 20), 29U);
    EXPECT_EQ(made_up(EventFormat::sse, "20", 29), "event: token\nid: 20\ndata: a\n\n");
    EXPECT_EQ(least_event(EventFormat::ndjson, 9), 23U);
    EXPECT_EQ(made_up(EventFormat::ndjson, "9", 23), "{\"event\":9,\"data\":\"a\"}\n");
    EXPECT_EQ(least_event(EventFormat::json_seq, 1000), 27U);
}

TEST(EventText, AnySliceIsThatPartOfTheWhole) {
    for (const EventFormat format : formats) {
        const std::string whole = made_up(format, "123", 60);
        for (std::uint64_t from = 0; from <= whole.size(); ++from) {
            for (std::uint64_t to = from; to <= whole.size(); ++to) {
                std::string out(to - from, '!');
                EXPECT_EQ(put_event(out.data(), format, "123", 60, from, to - from),
                          out.data() + out.size());
                ASSERT_EQ(out, whole.substr(from, to - from)) << from << " to " << to;
            }
        }
    }
}

TEST(EventText, ABodyOfThemCanBeTakenInAnyPieces) {
    for (const EventFormat format : formats) {
        PayloadSource source(12, 40, format);
        ASSERT_EQ(source.length(), 480U);
        std::string body(480, '!');
        char* at = body.data();
        for (const std::uint64_t piece : {1, 39, 41, 3, 200, 196}) at = source.put(at, piece);
        std::string expected;
        for (int i = 1; i <= 12; ++i) expected += made_up(format, std::to_string(i), 40);
        EXPECT_EQ(body, expected);
    }
}

TEST(EventText, GivenDataIsALineOrSeveral) {
    EXPECT_EQ(event_of(EventFormat::sse, {"", "", "[DONE]"}), "data: [DONE]\n\n");
    EXPECT_EQ(event_of(EventFormat::sse, {"delta", "9", "a\nb\r\nc\rd"}),
              "event: delta\nid: 9\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
    EXPECT_EQ(event_of(EventFormat::sse, {"", "", ""}), "data: \n\n");
    EXPECT_EQ(event_of(EventFormat::sse, {"", "", "a\n"}), "data: a\ndata: \n\n");
    EXPECT_EQ(event_of(EventFormat::ndjson, {"", "", "{\"a\":1}"}), "{\"a\":1}\n");
    EXPECT_EQ(event_of(EventFormat::json_seq, {"", "", "[1,\n2]"}), "\x1e[1,\n2]\n");
    EXPECT_EQ(comment_of("still here"), ": still here\n\n");
}

TEST(EventText, DataOfJsonDoesNotSetEventsApart) {
    EXPECT_TRUE(can_be_data(EventFormat::sse, ""));
    EXPECT_TRUE(can_be_data(EventFormat::sse, "a\nb"));
    EXPECT_FALSE(can_be_data(EventFormat::ndjson, ""));
    EXPECT_FALSE(can_be_data(EventFormat::ndjson, "{\n}"));
    EXPECT_FALSE(can_be_data(EventFormat::ndjson, "{}\r"));
    EXPECT_TRUE(can_be_data(EventFormat::json_seq, "{\n}"));
    EXPECT_FALSE(can_be_data(EventFormat::json_seq, "{}\x1e"));
}

TEST(Pauses, AreAllAlikeWithoutASeed) {
    Pauses pauses(10ms, {});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(pauses.next(), 10ms);
}

TEST(Pauses, AreTheSameForTheSameSeed) {
    const auto drawn = [](std::uint32_t seed) {
        std::vector<std::chrono::microseconds> all;
        Pauses pauses(20ms, seed);
        for (int i = 0; i < 5; ++i) all.push_back(pauses.next());
        return all;
    };
    EXPECT_EQ(drawn(7), drawn(7));
    EXPECT_NE(drawn(7), drawn(8));
    // By a program of a few lines in another language, from the words in docs/emitter.md.
    EXPECT_EQ(drawn(7),
              (std::vector<std::chrono::microseconds>{6760us, 8466us, 67969us, 13790us, 5619us}));
}

TEST(Pauses, AreTheGapOnAverageAndFourTimesItAtMost) {
    Pauses pauses(1ms, 1);
    std::chrono::microseconds sum{0};
    std::chrono::microseconds most{0};
    int short_ones = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        const auto pause = pauses.next();
        sum += pause;
        most = std::max(most, pause);
        short_ones += pause < 1ms ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(sum.count()) / count, 1000, 10);
    EXPECT_LE(most, Pauses::longest * 1ms);
    EXPECT_GT(most, 3500us);
    EXPECT_GT(short_ones, count / 2);
}

TEST(Pauses, OfNoGapAreNone) {
    EXPECT_EQ(Pauses(0us, 3).next(), 0us);
    EXPECT_LE(Pauses(1us, 3).next(), 4us);
}

}  // namespace
}  // namespace seamark::plan
