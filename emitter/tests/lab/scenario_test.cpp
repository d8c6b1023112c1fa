// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/scenario.hpp"

#include <gtest/gtest.h>

#include <set>
#include <variant>

#include "plan/emit_options.hpp"

namespace seamark::lab {
namespace {

using namespace std::chrono_literals;

std::string error_of(std::string_view text) {
    try {
        parse_scenario(text, "s.txt");
    } catch (const ScenarioError& error) {
        return error.what();
    }
    return "none";
}

TEST(Scenario, ReadsWhatItSays) {
    const Settings settings = parse_scenario(
        "# a comment\n"
        "title: A title: with a colon\r\n"
        "\n"
        "  delay:  20ms  \n"
        "rate: 10mbit\n"
        "server-offloads: none\n"
        "client-offloads: tso,gso,gro\n"
        "emit: writes=3&size=32\n"
        "loss: 2.5%\n"
        "see: one\n"
        "see: two\n"
        "plan: write 5\n"
        "proxy-config: listen $SEAMARK_PORT;\n"
        "proxy-config: }\n"
        "plan: wait 1ms",
        "s.txt");
    EXPECT_EQ(settings.title, "A title: with a colon");
    EXPECT_EQ(settings.delay, 20ms);
    EXPECT_EQ(settings.rate, 10'000'000U);
    EXPECT_EQ(settings.server_offloads, (Offloads{false, false, false}));
    EXPECT_EQ(settings.client_offloads, (Offloads{true, true, true}));
    EXPECT_EQ(settings.emit, "writes=3&size=32");
    EXPECT_EQ(settings.loss, 2.5);
    EXPECT_EQ(settings.see, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(settings.plan, "write 5\nwait 1ms\n");
    EXPECT_EQ(settings.proxy_config, "listen $SEAMARK_PORT;\n}\n");
}

TEST(Scenario, NamesFileLineColumnAndWhatIsAllowed) {
    const struct {
        const char* text;
        const char* begins;
    } cases[] = {
        {"title: t\ndelay 20ms\n", "s.txt:2:1: no \":\""},
        {"title: t\n  delay: 20\n", "s.txt:2:10: \"20\" is no value of \"delay\"; allowed: 0, or"},
        {"title: t\ndelay:\n", "s.txt:2:7: \"delay\" has no value"},
        {"title: t\nmtu: 99999999999999999999\n", "s.txt:2:6: "},
        {"title: t\nmtu: 575\n", "s.txt:2:6: "},
        {"title: t\nserver-offloads: tso,tso\n", "s.txt:2:18: "},
        {"title: t\nserver-offloads: tso,\n", "s.txt:2:18: "},
        {"title: t\nloss: -1\n", "s.txt:2:7: "},
        {"title: t\nloss: nan\n", "s.txt:2:7: "},
        {"title: t\ndelays: 20ms\n", "s.txt:2:1: unknown key \"delays\"; known are title, see"},
        {"title: t\nrate: 1mbit\nrate: 2mbit\n", "s.txt:3:1: \"rate\" is there twice"},
        {"title: t\ntitle: u\n", "s.txt:2:1: \"title\" is there twice"},
        {"delay: 1ms\n", "s.txt:2:1: a line \"title: "},
        {"", "s.txt:1:1: a line \"title: "},
        {"title: t\nlink: loopback\ndelay: 1ms\n", "s.txt:4:1: delay, rate"},
        {"title: t\nreorder: 5\n", "s.txt:3:1: reorder needs a delay"},
        {"title: t\nserver: x\nemit: writes=1\n", "s.txt:4:1: emit is a query"},
        {"title: t\nplan: # nothing\n", "s.txt:3:1: plan:2:1: expected a statement that does"},
        {"title: t\nplan: wrote 5\n", "s.txt:3:1: plan:1:1: expected write, event, comment, wait"},
        {"title: t\ntls: 1.1\n", "s.txt:2:6: \"1.1\" is no value of \"tls\"; allowed: 1.3, 1.2"},
        {"title: t\ntls: 1.3\nserver: x\n", "s.txt:4:1: tls is spoken by `seamark serve`"},
        {"title: t\nemit: record=10\n", "s.txt:3:1: emit: Parameter \"record\""},
        {"title: t\ntls: 1.3\nemit: gather=1\n", "s.txt:4:1: emit: Parameter \"gather\""},
        {"title: t\nemit: plan=\n", "s.txt:2:7: \"plan=\" is no value of \"emit\"; allowed: "},
        {"title: t\nemit: gap=0&plan\n", "s.txt:2:7: \"gap=0&plan\" is no value of \"emit\""},
        {"title: t\n\x01\x02: x\n", "s.txt:2:1: unknown key \"\\x01\\x02\""},
    };
    for (const auto& one : cases)
        EXPECT_EQ(error_of(one.text).substr(0, std::string(one.begins).size()), one.begins)
            << error_of(one.text);
}

TEST(Scenario, EachSettingReadsWhatItWrites) {
    const Settings standard;
    for (const Setting& setting : all_settings()) {
        Settings settings;
        const std::string value = setting.write(standard);
        if (value.empty()) continue;
        EXPECT_TRUE(setting.read(value, settings)) << setting.name << ": " << value;
        EXPECT_EQ(setting.write(settings), value) << setting.name;
    }
}

TEST(Scenario, ThoseBuiltInAreValidAndDiffer) {
    std::set<std::string> titles;
    for (const BuiltIn& one : built_in_scenarios()) {
        SCOPED_TRACE(one.name);
        Settings settings;
        ASSERT_NO_THROW(settings = parse_scenario(one.text, one.name));
        EXPECT_TRUE(titles.insert(settings.title).second);
        EXPECT_FALSE(settings.see.empty());
        EXPECT_FALSE(settings.vary.empty());
        std::vector<plan::NameValue> query;
        for (std::string_view rest = settings.emit; !rest.empty();) {
            const auto pair = rest.substr(0, rest.find('&'));
            const auto equals = pair.find('=');
            query.push_back(
                {std::string(pair.substr(0, equals)), std::string(pair.substr(equals + 1))});
            rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        }
        const auto parsed = plan::parse_emit_options(query, plan::HttpVersion::http_1_1,
                                                     std::nullopt, settings.tls_at_server());
        if (const auto* error = std::get_if<plan::OptionError>(&parsed))
            ADD_FAILURE() << plan::to_text(*error);
        const std::string words = explain(one.name, settings);
        EXPECT_NE(words.find(settings.see.front()), std::string::npos);
    }
}

TEST(Scenario, IsExplainedWithWhatIsRecorded) {
    const std::string standard = explain("s", parse_scenario("title: t\n", "s.txt"));
    EXPECT_NE(standard.find("\n  record: state\n      What is recorded of each call."),
              std::string::npos)
        << standard;
    EXPECT_EQ(standard.find("mtu"), std::string::npos) << "standard settings are not said";
    const std::string less = explain("s", parse_scenario("title: t\nrecord: calls\n", "s.txt"));
    EXPECT_NE(less.find("\n  record: calls\n"), std::string::npos) << less;
}

TEST(Scenario, IsShownWithoutControlCharacters) {
    const Settings settings = parse_scenario(
        "title: a\x1b[2J\xff b\nserver: printf '\x1b]0;x\x07'\nsee: c\xc2\x9b d\n"
        "client: caf\xc3\xa9\nproxy-config: e\x7f\n",
        "s.txt");
    const std::string text = explain("n\x1b", settings);
    for (const char c : text)
        EXPECT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)) << text;
    for (const char* shown :
         {"a\\x1b[2J\\xff b", "printf '\\x1b]0;x\\x07'", "c\\xc2\\x9b d", "caf\xc3\xa9", "e\\x7f"})
        EXPECT_NE(text.find(shown), std::string::npos) << shown << " in " << text;
    EXPECT_NE(error_of("tit\x1bl").find("no \":\""), std::string::npos);
    for (const char* wrong : {"ti\x1b: ", "ti\x1b: x", "delay: \x1b[1m", "title: a\nemit: %\x1b"})
        EXPECT_EQ(error_of(wrong).find('\x1b'), std::string::npos) << wrong;
}

TEST(Scenario, TlsHasAPortOfItsOwnUnlessOneIsSet) {
    EXPECT_EQ(parse_scenario("title: t\n", "s.txt").port, 8080);
    EXPECT_EQ(parse_scenario("title: t\ntls: 1.3\n", "s.txt").port, 8443);
    EXPECT_EQ(parse_scenario("title: t\ntls: 1.2\nport: 8080\n", "s.txt").port, 8080);
    EXPECT_EQ(parse_scenario("title: t\nport: 8080\ntls: 1.2\n", "s.txt").port, 8080);
    EXPECT_EQ(parse_scenario("title: t\ntls: off\n", "s.txt").port, 8080);
}

TEST(MergeQuery, ChangesJustTheNamesItHas) {
    EXPECT_EQ(merge_query("", "a=1"), "a=1");
    EXPECT_EQ(merge_query("a=1&b=2", "b=3"), "a=1&b=3");
    EXPECT_EQ(merge_query("a=1&b=2", "c=3&a=0"), "a=0&b=2&c=3");
    EXPECT_EQ(merge_query("a=1&b=2", "a="), "b=2");
    EXPECT_EQ(merge_query("a=1", "a=&a=5"), "a=5");
    EXPECT_EQ(merge_query("aa=1", "a=2"), "aa=1&a=2");
    EXPECT_EQ(merge_query("a=1", "&&"), "a=1");
}

TEST(ParseRate, TakesAUnit) {
    EXPECT_EQ(parse_rate("10mbit"), 10'000'000U);
    EXPECT_EQ(parse_rate("100gbit"), 100'000'000'000U);
    for (const char* text : {"", "mbit", "10", "0mbit", "-1mbit", "1.5mbit", "101gbit", "10 mbit"})
        EXPECT_FALSE(parse_rate(text)) << text;
}

}  // namespace
}  // namespace seamark::lab
