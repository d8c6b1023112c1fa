// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/contract.hpp"

#include <gtest/gtest.h>

#include <map>

namespace seamark::check {
namespace {

using Frames = std::vector<std::uint32_t>;

Assertion only(const std::string& text) {
    const auto all = parse(text);
    const auto* assertions = std::get_if<std::vector<Assertion>>(&all);
    if (assertions == nullptr || assertions->size() != 1) {
        ADD_FAILURE() << text;
        return {};
    }
    return assertions->front();
}

TEST(Contract, ReadsEachKind) {
    EXPECT_EQ(only("some http").kind, Kind::some);
    EXPECT_EQ(only("none\ttcp.len > 3 ").filter, "tcp.len > 3");
    const Assertion every = only("every http && tcp => tcp.len == 3");
    EXPECT_EQ(every.where, "http && tcp");
    EXPECT_EQ(every.filter, "tcp.len == 3");
    const Assertion quoted = only("every tcp => frame contains \"x => \\\" y\"");
    EXPECT_EQ(quoted.filter, "frame contains \"x => \\\" y\"");
    const auto cut = parse(std::string_view("none tcp\0 || http", 17));
    EXPECT_TRUE(std::holds_alternative<ContractError>(cut));
    for (const char* comparison : {"==", "!=", "<", "<=", ">", ">="}) {
        const Assertion count = only("count " + std::string(comparison) + "12 tcp.port == 80");
        EXPECT_EQ(to_string(count.comparison), comparison);
        EXPECT_EQ(count.number, 12U);
        EXPECT_EQ(count.filter, "tcp.port == 80");
    }
}

TEST(Contract, KnowsLinesAndNames) {
    const auto all = parse("# what it is\r\n\n[two words] some http\r\n  none tcp");
    const auto& assertions = std::get<std::vector<Assertion>>(all);
    ASSERT_EQ(assertions.size(), 2U);
    EXPECT_EQ(assertions[0].line, 3U);
    EXPECT_EQ(assertions[0].name, "two words");
    EXPECT_EQ(assertions[0].text, "some http");
    EXPECT_EQ(assertions[1].line, 4U);
}

TEST(Contract, SaysWhichLineIsWrongAndWhy) {
    const struct {
        const char* text;
        unsigned line;
        const char* part;
    } cases[] = {
        {"", 0, "no assertion"},
        {"# only this", 0, "no assertion"},
        {"\nall http", 2, "\"all\""},
        {"some", 1, "filter is missing"},
        {"none  ", 1, "filter is missing"},
        {"[name some http", 1, "no ]"},
        {"[name]", 1, "\"\""},
        {"every http", 1, "=>"},
        {"every a => b => c", 1, "one =>"},
        {"every => b", 1, "in front"},
        {"every a =>", 1, "filter is missing"},
        {"count 3 http", 1, "count wants =="},
        {"count == http", 1, "number"},
        {"count == -1 http", 1, "\"-1\""},
        {"count == 18446744073709551616 http", 1, "number"},
        {"count >= 3", 1, "filter is missing"},
        {"count >= 0 http", 1, "every capture"},
        {"count < 0 http", 1, "every capture"},
        {"some http\x1b[31m", 1, "control character"},
        {"every a = \"=>\"", 1, "one =>"},
    };
    for (const auto& [text, line, part] : cases) {
        const auto read = parse(text);
        const auto* error = std::get_if<ContractError>(&read);
        ASSERT_NE(error, nullptr) << text;
        EXPECT_EQ(error->line, line) << text;
        EXPECT_NE(error->text.find(part), std::string::npos) << error->text;
    }
}

TEST(Contract, Judges) {
    const std::map<std::string, FrameRuns> frames{
        {"a", {{1, 3}}},     {"b", {{2, 2}}},
        {"nothing", {}},     {"(a) && !(b)", {{1, 1}, {3, 3}}},
        {"(b) && !(a)", {}}, {"(nothing) && !(a)", {}}};
    const RowValues rows({}, false);
    const auto judged = [&](const std::string& text) {
        const Assertion assertion = only(text);
        for (const std::string& filter : filters_of(assertion))
            EXPECT_TRUE(frames.contains(filter));
        return judge(
            assertion,
            [&](const std::string& filter) -> const FrameRuns& { return frames.at(filter); }, rows);
    };
    const auto holds_for = [&](const std::string& text) {
        return judged(text).outcome == Outcome::kHolds;
    };
    EXPECT_TRUE(holds_for("some a"));
    EXPECT_FALSE(holds_for("some nothing"));
    EXPECT_TRUE(holds_for("none nothing"));
    EXPECT_EQ(judged("none a").frames, (Frames{1, 2, 3}));
    EXPECT_FALSE(holds_for("none a"));
    EXPECT_TRUE(holds_for("every b => a"));
    EXPECT_FALSE(holds_for("every a => b"));
    EXPECT_EQ(judged("every a => b").frames, (Frames{1, 3}));
    EXPECT_EQ(judged("every a => b").found, "2 of 3 frames do not");
    EXPECT_FALSE(holds_for("every nothing => a")) << "there is to be one";
    const struct {
        const char* text;
        bool holds;
    } counts[] = {{"count == 3 a", true}, {"count == 2 a", false}, {"count != 3 a", false},
                  {"count != 2 a", true}, {"count < 3 a", false},  {"count < 4 a", true},
                  {"count <= 3 a", true}, {"count <= 2 a", false}, {"count > 3 a", false},
                  {"count > 2 a", true},  {"count >= 3 a", true},  {"count >= 4 a", false}};
    for (const auto& [text, holds] : counts) EXPECT_EQ(holds_for(text), holds) << text;
    EXPECT_EQ(judged("count == 1 b").found, "1 frame matches");
}

TEST(Contract, NamesElevenFramesAtMost) {
    const FrameRuns many{{1, 5}, {100, 4000000000}};
    const RowValues rows({}, false);
    const Judgement judgement = judge(
        only("none a"), [&](const std::string&) -> const FrameRuns& { return many; }, rows);
    EXPECT_EQ(judgement.frames, (Frames{1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105}));
    EXPECT_EQ(judgement.found, "3999999906 frames match");
}

TEST(Contract, TellsRowsFromFrames) {
    EXPECT_EQ(only("count >= 3 tcp").kind, Kind::count);
    const Assertion counted = only("count chunk.gap >= 3 where tcp.port == 80");
    EXPECT_EQ(counted.kind, Kind::rows);
    EXPECT_EQ(counted.test.aggregate, Aggregate::kCount);
    EXPECT_EQ(counted.where, "tcp.port == 80");
    EXPECT_EQ(filters_of(counted), (std::vector<std::string>{"tcp.port == 80"}));
    const Assertion named = only("[soon] first chunk < 100 ms");
    EXPECT_EQ(named.kind, Kind::rows);
    EXPECT_EQ(named.name, "soon");
    EXPECT_EQ(named.test.field, RowField::kFirst);
    EXPECT_TRUE(filters_of(named).empty());
    EXPECT_EQ(only("max chunks per  segment <= 1").test.field, RowField::kPerSegment);
}

}  // namespace
}  // namespace seamark::check
