// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/extcap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "../program.hpp"
#include "lab/scenario.hpp"

namespace seamark::lab {
namespace {

std::string error_of(const std::map<std::string, std::string>& values) {
    try {
        settings_from_dialog(values);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "none";
}

TEST(Extcap, OffersEverySettingOnceInATab) {
    std::set<std::string> calls;
    for (const Field& field : dialog_fields()) {
        EXPECT_TRUE(calls.insert(field.call).second) << field.call;
        EXPECT_FALSE(field.group.empty()) << field.call;
        EXPECT_FALSE(field.tooltip.empty()) << field.call;
        const auto& choices = field.choices;
        EXPECT_EQ(std::count(choices.begin(), choices.end(), field.value), !choices.empty())
            << field.call;
    }
    for (const Setting& setting : all_settings())
        EXPECT_EQ(calls.count("lab-" + std::string(setting.name)), setting.name == "emit" ? 0U : 1U)
            << setting.name;
    EXPECT_EQ(calls.count("emit-writes"), 1U);
}

TEST(Extcap, SpeaksInWholeSentences) {
    std::istringstream lines(extcap_config(dialog_fields()));
    std::string line;
    std::size_t fields = 0;
    while (std::getline(lines, line)) {
        if (line.starts_with("arg {number=" + std::to_string(fields) + "}")) {
            ++fields;
        } else {
            EXPECT_TRUE(line.starts_with("value {arg=" + std::to_string(fields - 1) + "}")) << line;
        }
        EXPECT_EQ(std::count(line.begin(), line.end(), '{'),
                  std::count(line.begin(), line.end(), '}'))
            << line;
        EXPECT_EQ(line.back(), '}') << line;
    }
    EXPECT_EQ(fields, dialog_fields().size());
}

TEST(Extcap, ChangesTheScenarioByWhatIsFilledIn) {
    const Settings nagle = parse_scenario(find_built_in("nagle")->text, "nagle");
    const Settings untouched = settings_from_dialog({{"scenario", "nagle"},
                                                     {"lab-delay", ""},
                                                     {"lab-link", "-"},
                                                     {"emit-nodelay", "-"},
                                                     {"lab-server", ""}});
    EXPECT_EQ(untouched.delay, nagle.delay);
    EXPECT_EQ(untouched.emit, nagle.emit);
    const Settings changed = settings_from_dialog(
        {{"scenario", "nagle"}, {"emit-nodelay", "1"}, {"emit-gap", "2ms"}, {"lab-mtu", "1400"}});
    EXPECT_EQ(changed.emit, merge_query(nagle.emit, "nodelay=1&gap=2ms"));
    EXPECT_EQ(changed.mtu, 1400U);
    EXPECT_EQ(settings_from_dialog({{"scenario", "nagle"}, {"lab-server", "x"}}).emit, "");
}

TEST(Extcap, RecordsWhatExplainsAndSaysWhatItCosts) {
    EXPECT_EQ(settings_from_dialog({}).record, "state");
    EXPECT_EQ(settings_from_dialog({{"lab-record", "calls"}}).record, "calls");
    const auto fields = dialog_fields();
    const auto it = std::find_if(fields.begin(), fields.end(),
                                 [](const Field& field) { return field.call == "lab-record"; });
    ASSERT_NE(it, fields.end());
    for (const char* const said : {"costs", "as many segments", "calls:"})
        EXPECT_NE(it->tooltip.find(said), std::string::npos) << it->tooltip;
}

TEST(Extcap, NamesTheFieldThatIsWrong) {
    EXPECT_EQ(error_of({{"lab-mtu", "9"}}),
              "Mtu: \"9\" is not allowed. Allowed: a whole number from 576 to 65535");
    EXPECT_EQ(error_of({{"scenario", "x"}}), "there is no scenario \"x\"");
    EXPECT_NE(error_of({{"scenario", "loopback-mtu"}, {"lab-delay", "1ms"}}).find("need a cable"),
              std::string::npos);
}

TEST(Extcap, AsksForTheFilesThatAreFollowed) {
    EXPECT_EQ(follow_from_dialog({{"events", "/a"}, {"more-events", ""}}).files,
              (std::vector<std::string>{"/a"}));
    EXPECT_EQ(
        follow_from_dialog({{"events", "/a"}, {"more-events", "/b"}, {"only-port", "80"}}).port,
        80);
    EXPECT_THROW(follow_from_dialog({{"events", ""}}), std::runtime_error);
    EXPECT_THROW(follow_from_dialog({{"events", "/a"}, {"only-port", "0"}}), std::runtime_error);
    EXPECT_NE(extcap_config(loopback_fields()).find("{type=fileselect}"), std::string::npos);
}

TEST(ChoicesIn, KnowsAListOfWords) {
    EXPECT_EQ(choices_in("chunked, length, close"),
              (std::vector<std::string>{"chunked", "length", "close"}));
    EXPECT_EQ(choices_in("0, 1"), (std::vector<std::string>{"0", "1"}));
    for (const char* text : {"", "a", "0 to 5", "0, or a number with a unit", "a,b", ", a"})
        EXPECT_TRUE(choices_in(text).empty()) << text;
}

TEST(ExtcapProgram, AnswersWhatWiresharkAsks) {
    using testing::Program;
    Program interfaces({"extcap", "--extcap-interfaces", "--extcap-version=4.0"});
    EXPECT_NE(interfaces.output().find("interface {value=seamark-lab}"), std::string::npos);
    EXPECT_EQ(interfaces.exit_status(), 0);
    Program dlts({"extcap", "--extcap-interface", "seamark-lab", "--extcap-dlts"});
    EXPECT_EQ(dlts.output().rfind("dlt {number=1}", 0), 0U);
    Program other({"extcap", "--extcap-interface", "eth0", "--extcap-dlts"});
    EXPECT_NE(other.errors().find("no interface \"eth0\""), std::string::npos);
    EXPECT_EQ(other.exit_status(), 1);
}

}  // namespace
}  // namespace seamark::lab
