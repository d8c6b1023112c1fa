// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_parser.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iterator>
#include <ostream>
#include <vector>

#include "chunked_body.hpp"
#include "plan/random_cuts.hpp"
#include "plan/script_plan.hpp"
#include "plan/write_encoder.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

/// What a plan does, a line an action: "write BYTES", "more BYTES", "10ms", "cork on", "close" …
std::string carried_out(const Script& script, bool tag = false) {
    ScriptSource source(script);
    ScriptPlan plan(script);
    WriteEncoder encoder(source, {.tag = tag});
    PlannedWrite write;
    std::string out;
    std::uint64_t index = 1;
    while (plan.next(write)) {
        if (write.pause.count() > 0) out += std::to_string(write.pause.count()) + "us\n";
        const char* const state = write.on ? " on\n" : " off\n";
        switch (write.action) {
            case Action::write: {
                const auto bytes = encoder.encode(write, ++index).bytes;
                out += write.more ? "more " : "write ";
                for (const char c : bytes) out += c == '\n' ? 'N' : c == '\r' ? 'R' : c;
                out += '\n';
                break;
            }
            case Action::nodelay:
                out += std::string("nodelay") + state;
                break;
            case Action::cork:
                out += std::string("cork") + state;
                break;
            case Action::close:
                out += "close\n";
                break;
            case Action::reset:
                out += "reset\n";
                break;
        }
    }
    EXPECT_FALSE(plan.next(write)) << "goes on behind its end";
    return out;
}

Script good(std::string_view text, std::optional<Framing> framing = {}) {
    auto result = parse_plan(text, framing);
    if (const auto* error = std::get_if<PlanError>(&result)) {
        ADD_FAILURE() << to_text(*error, "plan");
        return {};
    }
    return std::get<Script>(std::move(result));
}

struct Plan {
    std::string text;
    std::string carried_out;
};
void PrintTo(const Plan& plan, std::ostream* out) {
    *out << plan.text;
}
class Plans : public ::testing::TestWithParam<Plan> {};
TEST_P(Plans, DoWhatTheySay) {
    EXPECT_EQ(carried_out(good(GetParam().text)), GetParam().carried_out);
}

const Plan plans[] = {
    {"write 5", "write 5RN1 abNRN\nwrite 0RNRN\n"},
    {"write 5 3\r\nwrite 3\r\n", "write 5RN1 abNRN3RN2 NRN\nwrite 3RN3 NRN\nwrite 0RNRN\n"},
    {R"(write "a\r\n\"\\\x41")", "write 6RNaRN\"\\ARN\nwrite 0RNRN\n"},
    {"write \"# no comment\" # a comment", "write cRN# no commentRN\nwrite 0RNRN\n"},
    {"write line 6; write data 4 ; write data \"xy\"; write crlf last",
     "write 6RN\nwrite 1 aN\nwrite xy\nwrite RN0RNRN\n"},
    {"write line 3 data 3 crlf line 2\nwrite data \"ab\" crlf",
     "write 3RN1 NRN2RN\nwrite abRN\nwrite 0RNRN\n"},
    {"framing length\nwrite 3 \"x\"; write 1", "write 1 Nx\nwrite 2\n"},
    {"framing close\nwait 1ms\nwait 500us\nwrite \"x\"", "1500us\nwrite x\n"},
    {"framing raw\nwrite \"5\\r\\nabc\"\nwait 2s\nclose", "write 5RNabc\n2000000us\nclose\n"},
    {"cork on; nodelay off; write \"a\"; cork off; close",
     "cork on\nnodelay off\nwrite 1RNaRN\ncork off\nclose\n"},
    {"more on; write \"a\"; more off; write \"b\"", "more 1RNaRN\nwrite 1RNbRN\nwrite 0RNRN\n"},
    {"more on; write \"a\"", "more 1RNaRN\nwrite 0RNRN\n"},
    {"repeat 2 { write \"a\"; repeat 2 { write \"b\" } }\nwrite last",
     "write 1RNaRN\nwrite 1RNbRN\nwrite 1RNbRN\nwrite 1RNaRN\nwrite 1RNbRN\nwrite 1RNbRN\n"
     "write 0RNRN\n"},
    {"write line 6\nrepeat 3 { write data \"xy\" }\nwrite crlf",
     "write 6RN\nwrite xy\nwrite xy\nwrite xy\nwrite RN\nwrite 0RNRN\n"},
    {"repeat 2 { write line 1; write data \"z\" crlf }",
     "write 1RN\nwrite zRN\nwrite 1RN\nwrite zRN\nwrite 0RNRN\n"},
    {"repeat 1 {}\nwrite line 9\nreset", "write 9RN\nreset\n"},
    {"repeat 9 { repeat 1000000 {}; repeat 2 {} }; write \"a\"", "write 1RNaRN\nwrite 0RNRN\n"},
    {"wait 1s", "1000000us\nwrite 0RNRN\n"},
    {"close", "close\n"},
    {"events sse\nevent 40; event \"{}\"; event 36",
     "write 28RNevent: tokenNid: 1Ndata: abcdefghijklmNNRN\nwrite aRNdata: {}NNRN\n"
     "write 24RNevent: tokenNid: 2Ndata: abcdefghiNNRN\nwrite 0RNRN\n"},
    {"framing close\n\nevents sse; event name \"delta\" id \"7\" \"a\\nb\"; comment \"ping\"; "
     "event \"\"",
     "write event: deltaNid: 7Ndata: aNdata: bNN\nwrite : pingNN\nwrite data: NN\n"},
    {"framing close\nevents sse\nwrite event \"a\" event id \"2\" \"b\" \"data: c\"; write "
     "\"\\n\\n\"",
     "write data: aNNid: 2Ndata: bNNdata: c\nwrite NN\n"},
    {"framing length\nevents ndjson\nrepeat 2 { event 36 }\nevent \"[1]\"",
     "write {\"event\":1,\"data\":\"abcdefghijklmn\"}N\n"
     "write {\"event\":2,\"data\":\"abcdefghijklmn\"}N\nwrite [1]N\n"},
    {"framing raw; events json-seq; event \"[1,\\n2]\"; close", "write \x1e[1,N2]N\nclose\n"},
};
INSTANTIATE_TEST_SUITE_P(All, Plans, ::testing::ValuesIn(plans));

struct BadPlan {
    std::string text;
    std::string message;  ///< a part of it
};
void PrintTo(const BadPlan& plan, std::ostream* out) {
    *out << plan.text;
}
class BadPlans : public ::testing::TestWithParam<BadPlan> {};
TEST_P(BadPlans, AreToldWhereAndWhatWasExpected) {
    const auto result = parse_plan(GetParam().text, {});
    const auto* const error = std::get_if<PlanError>(&result);
    ASSERT_NE(error, nullptr) << "was taken";
    EXPECT_TRUE(to_text(*error, "p").starts_with("p:" + GetParam().message))
        << to_text(*error, "p");
}

const BadPlan bad_plans[] = {
    {"wrote 5",
     "1:1: expected write, event, comment, wait, nodelay, cork, more, repeat, field, close or "
     "reset, "
     "found \"wrote\".\n"},
    {"write 5\n  write x", "2:9: expected a whole number from 1 to 16777216, \"text\", line"},
    {"write", "1:6: expected what to write: a number of bytes, \"text\""},
    {"write\nwrite 3", "1:6: expected what to write"},
    {"write 0", "1:7: expected a whole number from 1"},
    {"write 16777217", "1:7: expected a whole number from 1 to 16777216"},
    {"write 16777216 1", "1:16: expected at most 16777216 bytes of data in a write"},
    {"write 5 wait 3ms", "1:9: expected a whole number from 1 to 16777216, \"text\", line"},
    {"wait 10",
     "1:6: expected a time with a unit (us, ms, s) of at most 3600s, such as 10ms, "
     "found \"10\".\n"},
    {"wait",
     "1:5: expected a time with a unit (us, ms, s) of at most 3600s, such as 10ms, found "
     "the end of the plan.\n"},
    {"wait 3601s", "1:6: expected a time"},
    {"wait 3600s\nwait 1us", "2:6: expected waits of at most one hour in all"},
    {"cork maybe", "1:6: expected on or off, found \"maybe\""},
    {"cork on off", "1:9: expected the end of the statement"},
    {"write \"abc", "1:7: expected a \" that ends the text, on the same line"},
    {"write \"abc\nd\"", "1:7: expected a \" that ends"},
    {"write \"\"", "1:7: expected text of at least one byte"},
    {"write \"a\\qb\"", "1:9: expected one of \\r \\n \\t \\\\ \\\" \\xHH"},
    {"write \"a\\x4\"", "1:9: expected one of"},
    {"write \"a\\x4g\"", "1:9: expected one of"},
    {"write 5 %", "1:9: expected a word, a number or \"text\""},
    {"write last\nwrite 5", "2:7: expected no more to write after the last chunk, found \"5\""},
    {"write line 5\nwrite 5", "2:7: expected data: the open chunk still needs 5 bytes"},
    {"write line 5 data 4 crlf", "1:21: expected data: the open chunk still needs 1 bytes"},
    {"write line 5 data 6", "1:14: expected at most 5 bytes"},
    {"write line 5 data 5", "1:20: expected crlf: a chunk is open, found the end of the plan"},
    {"write data 5", "1:7: expected a chunk to be open: \"line N\" goes first"},
    {"write crlf", "1:7: expected a chunk to be open"},
    {"close\nwrite 5", "2:1: expected the end of the plan, after close or reset"},
    {"repeat 2 { close }", "1:12: expected close and reset to stand outside of repeat"},
    {"repeat 2 { write last }", "1:18: expected last to stand outside of repeat"},
    {"repeat 2 { write 5", "1:19: expected } to end the repeat, found the end of the plan"},
    {"",
     "1:1: expected a statement that does something, such as write 32: this plan is empty, found "
     "the end of the plan"},
    {" \t\r\n", "2:1: expected a statement that does something"},
    {"\n\n  ;;# nothing but words\n\n", "5:1: expected a statement that does something"},
    {"framing length", "1:15: expected a statement that does something"},
    {"repeat 5 { ; repeat 1000000 {} # nothing\n }", "2:3: expected a statement that does"},
    {"repeat 0 { }", "1:8: expected a whole number from 1 to 1000000, found \"0\""},
    {"repeat { }", "1:8: expected a whole number"},
    {"repeat 2 write 5", "1:10: expected {, found \"write\""},
    {"}", "1:1: expected a statement: no repeat is open here, found \"}\""},
    {"repeat 2 { write line 5 }", "1:25: expected crlf: a chunk that is opened in a repeat"},
    {"write line 5\nrepeat 2 { write data 3 }", "2:25: expected at most 5 bytes in all rounds"},
    {"write line 5\nrepeat 2 { write data 5 crlf line 5 }", "2:25: expected a chunk to be closed"},
    {"repeat 1000000 { repeat 11 { write 1 } }", "1:40: expected at most 10000000 statements"},
    {"repeat 2000 { write 16777216 }", "1:30: expected at most 17179869184 bytes"},
    {"repeat 2 { wait 3600s }", "1:23: expected waits of at most one hour in all"},
    {"repeat 1{repeat 1{repeat 1{repeat 1{repeat 1{repeat 1{repeat 1{repeat 1{repeat 1{",
     "1:73: expected repeats at most 8 deep"},
    {"write 1\nframing raw", "2:1: expected framing to be first, and once"},
    {"framing none", "1:9: expected chunked, length, close or raw, found \"none\""},
    {"event \"a\"", "1:1: expected events sse, ndjson or json-seq at the beginning of a plan"},
    {"write event \"a\"", "1:7: expected events sse, ndjson or json-seq at the beginning"},
    {"events html", "1:8: expected sse, ndjson or json-seq, found \"html\""},
    {"events sse", "1:11: expected a statement that does something"},
    {"write 40\nevents sse", "2:1: expected events to stand first, or right after framing, and once"},
    {"events sse\nframing close", "2:1: expected framing to be first, and once"},
    {"events sse\nevent 35", "2:7: expected at least 36, the bytes of a whole event, found \"35\""},
    {"events sse\nwrite 35", "2:7: expected at least 36, the bytes of a whole event"},
    {"events ndjson\nevent 30", "2:7: expected at least 31, the bytes of a whole event"},
    {"events sse\nevent", "2:6: expected the event's data as \"text\", found the end of the plan"},
    {"events sse\nevent id \"7\" 40", "2:14: expected the event's data as \"text\", found \"40\""},
    {"events sse\nevent name \"a\\nb\" \"c\"", "2:12: expected \"text\" on one line"},
    {"events sse\nevent id \"\" \"c\"",
     "2:10: expected \"text\" on one line, of at least one byte"},
    {"events sse\nevent \"a\" \"b\"", "2:11: expected the end of the statement"},
    {"events ndjson\nevent name \"a\" \"b\"", "2:7: expected the event's data: name and id are"},
    {"events ndjson\ncomment \"a\"", "2:1: expected comment in events sse alone"},
    {"events ndjson\nevent \"{\\n}\"", "2:7: expected a JSON text, on one line in ndjson"},
    {"events ndjson\nevent \"\"", "2:7: expected a JSON text"},
    {"events json-seq\nevent \"\\x1e\"", "2:7: expected a JSON text"},
    {"events sse\ncomment 5", "2:9: expected its text as \"text\""},
    {"framing close\nwrite line 5", "2:7: expected a number or \"text\": parts of chunks need"},
    {"field Content-Length \"5\"", "1:1: expected field only in framing raw"},
    {"framing raw\nfield Set-Cookie \"a\"", "2:7: expected Transfer-Encoding or Content-Length"},
    {"framing raw\nfield Content-Length \"5\\r\\nX: y\"", "2:22: expected its value as \"text\""},
    {"framing raw\nwrite 1\nfield Content-Length \"5\"", "3:1: expected field to be before"},
};
INSTANTIATE_TEST_SUITE_P(All, BadPlans, ::testing::ValuesIn(bad_plans));

TEST(Plan, TheFramingThatIsGivenWins) {
    const std::string text = "framing chunked\nwrite \"ab\"";
    EXPECT_EQ(carried_out(good(text, Framing::close)), "write ab\n");
    EXPECT_EQ(good(text, Framing::content_length).data, 2U);
    const auto bad = parse_plan("write line 2 data 2 crlf", Framing::close);
    EXPECT_TRUE(std::holds_alternative<PlanError>(bad));
}

TEST(Plan, LengthIsThatOfAllRounds) {
    EXPECT_EQ(
        good("framing length\nwrite 3; repeat 5 { write 2 \"x\"; repeat 2 { write 1 } }").data,
        3U + 5 * (3 + 2));
}

TEST(Plan, TagsNameTheWritesThatCarryAChunk) {
    EXPECT_EQ(carried_out(good("write 1 1\nwrite line 2; repeat 2 { cork off; write data 1 }\n"
                               "write crlf line 1 data 1 crlf"),
                          true),
              "write 1;w=2RN1RN1;w=2RN2RN\nwrite 2;w=3-6RN\ncork off\nwrite 3\ncork off\nwrite 4\n"
              "write RN1;w=6RN5RN\nwrite 0;w=7RNRN\n");
}

TEST(Plan, AChunkThatIsNeverClosedOrTooWideForATagHasNone) {
    EXPECT_EQ(carried_out(good("write line 5 data 2\nclose"), true), "write 5RN1N\nclose\n");
    const std::string wide =
        carried_out(good("write line 1023; repeat 1023 { write data \"x\" }; write crlf"), true);
    EXPECT_TRUE(wide.starts_with("write 3ffRN\n")) << wide.substr(0, 40);
    const std::string widest =
        carried_out(good("write line 1022; repeat 1022 { write data \"x\" }; write crlf"), true);
    EXPECT_TRUE(widest.starts_with("write 3fe;w=2-1025RN\n")) << widest.substr(0, 40);
}

TEST(Plan, ManyStatementsWithoutAWriteArePassedOverBitByBit) {
    const Script script = good("repeat 100000 { wait 1us; more on }; wait 1ms; write 1");
    ScriptPlan plan(script);
    PlannedWrite write;
    int turns = 1;
    for (std::uint64_t work = 10'000; !plan.ready(work); work = 10'000) ++turns;
    EXPECT_GT(turns, 100);
    std::uint64_t none = 0;
    EXPECT_TRUE(plan.ready(none)) << "all is done";
    EXPECT_TRUE(plan.next(write));
    EXPECT_EQ(write.pause, 101ms);
    EXPECT_TRUE(write.more);
    EXPECT_EQ(write.size, 1U);
}

TEST(Plan, ATagLooksForTheEndOfItsChunkOnlySoFar) {
    const std::string far =
        carried_out(good("write line 2 data 1; repeat 70000 { more on }; write data 1 crlf"), true);
    EXPECT_TRUE(far.starts_with("write 2RN1\n")) << far.substr(0, 40);
    const std::string near =
        carried_out(good("write line 2 data 1; repeat 60000 { more on }; write data 1 crlf"), true);
    EXPECT_TRUE(near.starts_with("write 2;w=2-3RN1\n")) << near.substr(0, 40);
}

TEST(Plan, ATextThatIsTooLongIsNotRead) {
    const std::string plan = "write 5" + std::string(longest_plan - 7, ' ');
    EXPECT_TRUE(std::holds_alternative<Script>(parse_plan(plan, {})));
    EXPECT_TRUE(std::holds_alternative<PlanError>(parse_plan(plan + ' ', {})));
}

/// Plans of statements put together at random: those that are taken give a body that a strict
/// reader takes apart, of just the length that was foretold, and true carriers.
TEST(Plan, WhatIsTakenIsFramedRight) {
    constexpr std::string_view words[] = {
        "write ",       "write line 2 ", "data 1 ",   "data \"ab\" ",
        "crlf ",        "crlf\n",        "3 ",        "\"xyz\" ",
        "\n",           "repeat 2 {",    "}",         "more on\n",
        "last\n",       "wait 1us\n",    "cork off;", "write data 1\n",
        "write crlf\n", "write 5\n",     "close\n"};
    RandomCuts draw(1, 0);
    int taken = 0;
    for (int i = 0; i < 30'000; ++i) {
        std::string text;
        for (std::uint64_t n = draw.length(9); n > 0; --n) {
            text += words[draw.length(std::size(words)) - 1];
        }
        const auto result = parse_plan(text, {});
        const auto* const script = std::get_if<Script>(&result);
        if (!script) continue;
        ++taken;
        ScriptSource source(*script);
        ScriptPlan plan(*script);
        WriteEncoder encoder(source, {.tag = true});
        PlannedWrite write;
        std::string all;
        std::vector<std::size_t> ends{0, 0};  // of each write; the head's is empty here
        bool closed = false;
        while (plan.next(write)) {
            closed = closed || write.action == Action::close;
            if (write.action != Action::write) continue;
            const auto bytes = encoder.encode(write, ends.size()).bytes;
            all.append(bytes.begin(), bytes.end());
            ends.push_back(all.size());
        }
        if (closed) continue;
        const auto body = testing::read_chunked(all, 0);
        ASSERT_TRUE(body.complete) << text << body.fault;
        ASSERT_EQ(body.end, all.size()) << text;
        ASSERT_EQ(body.data().size(), script->data) << text;
        for (const auto& chunk : body.chunks) {
            const auto tag = testing::read_tag(chunk.extension);
            ASSERT_TRUE(tag) << text << chunk.extension;
            ASSERT_LE(ends[tag->first - 1], chunk.begin) << text;
            ASSERT_LT(chunk.begin, ends[tag->first]) << text;
            ASSERT_LT(ends[tag->last - 1], chunk.end) << text;
            ASSERT_LE(chunk.end, ends[tag->last]) << text;
        }
    }
    EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace seamark::plan
