// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/diagnosis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace seamark::doctor {
namespace {

/// A Debian 12 where all is well.
Facts well() {
    Facts facts;
    facts.version = "0.1.0";
    facts.wireshark.path = "/usr/bin/tshark";
    facts.wireshark.version = "4.0.17";
    facts.wireshark.series = "4.0";
    facts.wireshark.personal_plugins = "/home/ada/.local/lib/wireshark/plugins/4.0";
    facts.wireshark.global_plugins = "/usr/lib/wireshark/plugins/4.0";
    facts.wireshark.files = {
        {"/home/ada/.local/lib/wireshark/plugins/4.0/epan/seamark.so", "4.0", true}};
    facts.wireshark.loaded = {{"0.1.0", facts.wireshark.files[0].path}};
    facts.wireshark.has_lab_interface = true;
    facts.profile.folder = "/home/ada/.config/wireshark/profiles/Seamark";
    facts.system.dumpcap = "/usr/bin/dumpcap";
    facts.system.dumpcap_may_run = true;
    facts.system.dumpcap_has_rights = true;
    facts.system.browser = "/usr/bin/xdg-open";
    return facts;
}

Finding found(const Facts& facts, const std::string& check) {
    const auto findings = diagnose(facts);
    const auto at = std::find_if(findings.begin(), findings.end(),
                                 [&](const Finding& finding) { return finding.check == check; });
    return at != findings.end() ? *at : Finding{"", State::kWrong, "no such check", ""};
}

#define EXPECT_FINDING(facts, check, a_state, in_text, in_remedy)                       \
    do {                                                                                \
        const Finding finding = found(facts, check);                                    \
        EXPECT_EQ(finding.state, a_state) << finding.text;                              \
        EXPECT_NE(finding.text.find(in_text), std::string::npos) << finding.text;       \
        EXPECT_NE(finding.remedy.find(in_remedy), std::string::npos) << finding.remedy; \
    } while (false)

TEST(Doctor, FindsNothingWhereAllIsWell) {
    const auto findings = diagnose(well());
    std::set<std::string> names;
    for (const Finding& finding : findings) {
        EXPECT_EQ(finding.state, State::kOk) << finding.check << ": " << finding.text;
        EXPECT_TRUE(finding.remedy.empty()) << finding.check;
        EXPECT_TRUE(names.insert(finding.check).second) << finding.check << " is there twice";
    }
    EXPECT_EQ(status_of(findings), 0);
}

TEST(Doctor, SaysThatThereIsNoWireshark) {
    Facts facts = well();
    facts.wireshark = {};
    facts.wireshark.refusal = "tshark cannot be run (No such file or directory)";
    EXPECT_FINDING(facts, "wireshark", State::kWrong, "cannot be run", "apt-get install tshark");
    EXPECT_FINDING(facts, "plugin", State::kWrong, "no Wireshark", "install Wireshark");
    EXPECT_EQ(status_of(diagnose(facts)), 1);
}

TEST(Doctor, SaysWhereAPluginWouldBeLookedFor) {
    Facts facts = well();
    facts.wireshark.files.clear();
    facts.wireshark.loaded.clear();
    EXPECT_FINDING(facts, "plugin", State::kWrong, "/usr/lib/wireshark/plugins/4.0/epan",
                   "./run install");
    facts.system.packaged = true;
    EXPECT_FINDING(facts, "plugin", State::kWrong, "no seamark.so", "wireshark-plugin-seamark");
}

TEST(Doctor, KnowsAPluginInTheFolderOfAnotherSeries) {
    Facts facts = well();
    facts.wireshark.files = {{"/usr/lib/wireshark/plugins/4.4/epan/seamark.so", "4.4", false}};
    facts.wireshark.loaded.clear();
    EXPECT_FINDING(facts, "series", State::kWrong, "for Wireshark 4.4", "./run install");
    EXPECT_FINDING(facts, "plugin", State::kWrong, "no seamark.so for Wireshark 4.0", "");
}

TEST(Doctor, PassesOnThatWiresharkRefusesAPlugin) {
    Facts facts = well();
    facts.wireshark.loaded.clear();
    facts.wireshark.complaints = {
        "tshark: The plugin 'seamark.so' was compiled for Wireshark version 4.4"};
    EXPECT_FINDING(facts, "plugin", State::kWrong, "compiled for Wireshark version 4.4", "install");
    EXPECT_FINDING(facts, "series", State::kWrong, "compiled for Wireshark version 4.4", "install");
}

TEST(Doctor, KnowsAPluginOfAnotherVersion) {
    Facts facts = well();
    facts.wireshark.loaded[0].version = "0.0.9";
    EXPECT_FINDING(facts, "series", State::kWrong, "0.0.9", "./run install");
}

TEST(Doctor, NamesTheCopyThatIsOneTooMany) {
    Facts facts = well();
    facts.wireshark.files.push_back(
        {"/usr/lib/wireshark/plugins/4.0/epan/seamark.so", "4.0", false});
    EXPECT_FINDING(facts, "copies", State::kWrong, "found 2 times",
                   "rm /home/ada/.local/lib/wireshark/plugins/4.0/epan/seamark.so");
    facts.wireshark.files[1].series = "4.4";  // another Wireshark's is none too many
    EXPECT_EQ(found(facts, "copies").state, State::kOk);
}

TEST(Doctor, SaysThatRootSeesNoPersonalPlugins) {
    Facts facts = well();
    facts.system.root = true;
    facts.wireshark.loaded.clear();
    EXPECT_FINDING(facts, "root", State::kWrong, "ignores personal plugins", "--system");
    EXPECT_FINDING(facts, "plugin", State::kWrong, "is not loaded", "--system");
    facts.wireshark.files[0].personal = false;
    facts.wireshark.loaded = {{"0.1.0", facts.wireshark.files[0].path}};
    EXPECT_EQ(found(facts, "root").state, State::kOk);
}

TEST(Doctor, SaysWhyNothingCanBeCaptured) {
    Facts facts = well();
    facts.system.dumpcap_has_rights = false;
    EXPECT_FINDING(facts, "capture", State::kLimited, "no right", "dpkg-reconfigure");
    facts.system.dumpcap_may_run = false;
    EXPECT_FINDING(facts, "capture", State::kLimited, "may not run", "usermod -aG wireshark");
    facts.system.wireshark_group_later = true;
    EXPECT_FINDING(facts, "capture", State::kLimited, "next", "log out");
    facts.system.may_capture = true;  // by a right of this process's own
    EXPECT_EQ(found(facts, "capture").state, State::kOk);
    facts = well();
    facts.system.dumpcap.clear();
    EXPECT_FINDING(facts, "capture", State::kLimited, "no dumpcap", "wireshark-common");
    EXPECT_EQ(status_of(diagnose(facts)), 0) << "files can be read without it";
}

TEST(Doctor, SaysWhichSettingForbidsNamespaces) {
    Facts facts = well();
    facts.system.namespace_refusal = "Operation not permitted";
    EXPECT_FINDING(facts, "namespaces", State::kLimited, "not permitted", "as root");
    facts.system.namespace_remedy = "sudo sysctl user.max_user_namespaces=10000";
    EXPECT_FINDING(facts, "namespaces", State::kLimited, "not permitted", "max_user_namespaces");
}

TEST(Doctor, PassesOnWhyTheKernelCannotRecord) {
    Facts facts = well();
    facts.system.kernel_refusal = "this kernel does not describe its types";
    EXPECT_FINDING(facts, "kernel", State::kLimited, "does not describe", "");
    EXPECT_EQ(status_of(diagnose(facts)), 0);
}

TEST(Doctor, NamesWhatOfTheProfileIsAnotherVersions) {
    Facts facts = well();
    facts.profile.changed = {"colorfilters"};
    EXPECT_FINDING(facts, "profile", State::kLimited, "colorfilters", "./run install");
    facts.profile = {};
    EXPECT_FINDING(facts, "profile", State::kLimited, "no profile", "./run install");
}

TEST(Doctor, SaysWhatElseIsMissing) {
    Facts facts = well();
    facts.wireshark.has_lab_interface = false;
    facts.system.browser.clear();
    facts.system.library_refusal = "libseamark_trace.so is not there";
    EXPECT_FINDING(facts, "extcap", State::kLimited, "Seamark lab", "./run install");
    EXPECT_FINDING(facts, "browser", State::kLimited, "none", "another machine");
    EXPECT_FINDING(facts, "trace", State::kWrong, "not there", "./run install");
}

TEST(Doctor, PrintsALineForEachAndNothingThatIsNotText) {
    const std::vector<Finding> findings = {{"plugin", State::kWrong, "a\nb\x1b\xff", "rm \x07"},
                                           {"copies", State::kOk, "one", ""},
                                           {"kernel", State::kLimited, "old", "take a new one"}};
    EXPECT_EQ(in_words(findings),
              "wrong    plugin  a\\nb\\x1b\\xff. To mend it: rm \\x07\n"
              "ok       copies  one\n"
              "limited  kernel  old. To mend it: take a new one\n");
    EXPECT_EQ(to_json(findings, "0.1.0"),
              R"({"version":"0.1.0","ok":false,"checks":[)"
              R"({"check":"plugin","state":"wrong","text":"a\\nb\\x1b\\xff","remedy":"rm \\x07"},)"
              R"({"check":"copies","state":"ok","text":"one"},)"
              R"({"check":"kernel","state":"limited","text":"old","remedy":"take a new one"}]})");
    EXPECT_EQ(status_of(findings), 1);
}

}  // namespace
}  // namespace seamark::doctor
