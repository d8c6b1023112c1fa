// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lab as people run it: the program as a process. Where this machine allows no lab, each test
// skips with the program's own reason.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lab_process.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(Lab, WritesPacketsAndEventsInOrder) {
    Program lab = start({"--capture", "both", "--emit", "writes=50&size=100&gap=1ms"});
    const std::string errors = lab.errors();
    const int status = lab.exit_status();
    if (refused(errors)) GTEST_SKIP() << errors;
    ASSERT_EQ(status, 0) << errors;
    const Merged merged = read_merged(file_.path());
    EXPECT_TRUE(merged.whole);
    EXPECT_EQ(merged.backwards, 0);
    EXPECT_EQ(merged.interfaces, merged.statistics);
    if (errors.find("no namespace") == std::string::npos) {
        ASSERT_EQ(merged.interfaces, 3);
        EXPECT_EQ(merged.packets.at(0), merged.packets.at(1));  // both ends of one cable
        EXPECT_GT(merged.packets.at(0), 6);                     // at least a handshake and an end
        EXPECT_GT(merged.packets.at(2), 50);                    // each write, at least
    }
    EXPECT_TRUE(all_gone());
}

TEST_F(Lab, MakesADelayedCable) {
    Program lab = start({"--delay", "30ms", "--emit", "writes=3&gap=0"});
    const std::string errors = lab.errors();
    const int status = lab.exit_status();
    if (refused(errors) || errors.find("no namespace") != std::string::npos) GTEST_SKIP() << errors;
    ASSERT_EQ(status, 0) << errors;
    EXPECT_EQ(read_merged(file_.path()).backwards, 0);
    // Twice there and back: the handshake, and the request with the first bytes of its answer.
    const auto end = errors.find(" ms\n", errors.find("client: 200 OK"));
    ASSERT_NE(end, std::string::npos) << errors;
    EXPECT_GE(std::stod(errors.substr(errors.rfind(' ', end - 1) + 1)), 120) << errors;
}

TEST_F(Lab, LeavesNothingAndAWholeFileWhenItIsStopped) {
    for (const int number : {SIGINT, SIGTERM, SIGKILL}) {
        std::filesystem::remove(file_.path());
        Program lab = start({"--emit", "writes=10000&size=2000&gap=1ms"});
        if (!has_begun()) {
            const std::string errors = lab.errors();
            if (refused(errors)) GTEST_SKIP() << errors;
            FAIL() << "nothing was captured: " << errors;
        }
        // Where it is by then is chance; that is the point.
        std::this_thread::sleep_for(number == SIGINT ? 100ms : number == SIGTERM ? 250ms : 650ms);
        lab.signal(number);
        const int status = lab.exit_status();
        EXPECT_EQ(status, 128 + number);
        EXPECT_TRUE(all_gone()) << number;
        EXPECT_TRUE(read_merged(file_.path()).whole) << number;
        EXPECT_EQ(read_merged(file_.path()).backwards, 0) << number;
    }
}

TEST_F(Lab, StoppedBeforeItBeganLeavesAWholeFileOrNone) {
    for (int wait = 0; wait < 100; wait += 7) {
        std::filesystem::remove(file_.path());
        Program lab = start({"--emit", "writes=10000&size=2000&gap=1ms"});
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
        lab.signal(SIGINT);
        const int status = lab.exit_status();
        if (status == 1) GTEST_SKIP() << lab.errors();
        EXPECT_EQ(status, 128 + SIGINT) << wait;
        EXPECT_TRUE(!std::filesystem::exists(file_.path()) || read_merged(file_.path()).whole)
            << wait;
        EXPECT_TRUE(all_gone()) << wait;
    }
}

TEST_F(Lab, CarriesOutAScenariosPlan) {
    const ScratchFile scenario("planned.txt");
    std::ofstream(scenario.path()) << "title: planned\nplan: framing length\nplan: write 10\n"
                                      "plan: wait 5ms\nplan: write 7\n";
    Program lab = start({scenario.path()});
    const std::string errors = lab.errors();
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_EQ(lab.exit_status(), 0) << errors;
    EXPECT_NE(errors.find("content-length"), std::string::npos) << errors;
    EXPECT_NE(errors.find("(17 of them body data)"), std::string::npos) << errors;
}

TEST_F(Lab, EndsByItsLimits) {
    Program by_time = start({"--duration", "300ms", "--emit", "writes=10000&size=10&gap=1ms"});
    const std::string errors = by_time.errors();
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_EQ(by_time.exit_status(), 0) << errors;
    EXPECT_NE(errors.find("ended by its time limit"), std::string::npos) << errors;
    Program by_count = start({"--packets", "10", "--emit", "writes=10000&size=10&gap=1ms"});
    EXPECT_EQ(by_count.exit_status(), 0) << by_count.errors();
    EXPECT_TRUE(all_gone());
}

TEST_F(Lab, DoesNotMakeDoWithoutASettingThatTheKernelRefuses) {
    Program lab = start({"--congestion", "nosuch"});
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1) << errors;
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_NE(errors.find("congestion control nosuch"), std::string::npos) << errors;
    EXPECT_EQ(errors.find("no namespace"), std::string::npos) << errors;
}

TEST_F(Lab, SaysWhyTheServerDidNotStart) {
    Program lab = start({"--server", "echo no such luck >&2; exit 3"});
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1);
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_NE(errors.find("the server ended with status 3"), std::string::npos) << errors;
    EXPECT_NE(errors.find("no such luck"), std::string::npos) << errors;
    EXPECT_EQ(errors.find("no such luck"), errors.rfind("no such luck")) << "once: " << errors;

    Program quiet = start({"--quiet", "--server", "echo no such luck >&2; exit 3"});
    EXPECT_NE(quiet.errors().find("no such luck"), std::string::npos);
}

TEST_F(Lab, DoesNotWarnOfOtherMachinesInANetworkWithoutAny) {
    Program lab = start({"--client", "exit 4"});  // what the server said is shown then
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1) << errors;
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_NE(errors.find("the client ended with status 4"), std::string::npos) << errors;
    EXPECT_NE(errors.find("server: "), std::string::npos) << errors;
    EXPECT_EQ(errors.find("other machines"), std::string::npos) << errors;
}

TEST_F(Lab, KeepsAFileThatIsNoCaptureOfOurs) {
    std::ofstream(file_.path()) << "precious";
    Program lab = start({"--emit", "writes=1"});
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1) << errors;
    EXPECT_NE(errors.find("no capture that seamark wrote. Name another file with -o"),
              std::string::npos)
        << errors;
    EXPECT_EQ(std::filesystem::file_size(file_.path()), 8U);
    std::filesystem::remove(file_.path());
    for (int time = 0; time < 2; ++time) {
        Program again = start({"--emit", "writes=1"});
        const std::string said = again.errors();
        if (refused(said)) GTEST_SKIP() << said;
        EXPECT_EQ(again.exit_status(), 0) << time << said;
    }
}

/// A lab that cannot be, whether namespaces are allowed here or not.
TEST_F(Lab, LeavesWhatWasThereWhereThereIsNoLab) {
    const std::vector<std::string> impossible{"--congestion", "nosuch"};
    Program none = start(impossible);
    EXPECT_EQ(none.exit_status(), 1) << none.errors();
    EXPECT_FALSE(std::filesystem::exists(file_.path())) << "an empty capture was left";

    Program before = start({"--emit", "writes=1"});
    const std::string said = before.errors();
    if (refused(said)) GTEST_SKIP() << said;
    ASSERT_EQ(before.exit_status(), 0) << said;
    const auto size = std::filesystem::file_size(file_.path());
    Program after = start(impossible);
    EXPECT_EQ(after.exit_status(), 1) << after.errors();
    EXPECT_EQ(std::filesystem::file_size(file_.path()), size) << "the capture before it is lost";
}

TEST_F(Lab, NamesItsCaptureAsAShellReadsIt) {
    const ScratchFile blank("it's a lab.pcapng");
    Program lab({"lab", "--emit", "writes=1", "-o", blank.path()});
    const std::string errors = lab.errors();
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_EQ(lab.exit_status(), 0) << errors;
    EXPECT_NE(errors.find("it'\\''s a lab.pcapng'\n"), std::string::npos) << errors;
}

TEST_F(Lab, WaitsForASlowServerWithoutAProcessor) {
    std::string errors;
    const auto seconds_with = [&](const char* server) {
        rusage before{};
        ::getrusage(RUSAGE_CHILDREN, &before);
        Program lab = start({"--server", server});
        errors = lab.errors();
        EXPECT_EQ(lab.exit_status(), 1);
        rusage after{};
        ::getrusage(RUSAGE_CHILDREN, &after);
        const auto seconds = [](const rusage& used) {
            return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                   static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
        };
        return seconds(after) - seconds(before);
    };
    const double fast = seconds_with("exit 5");
    if (refused(errors)) GTEST_SKIP() << errors;
    // A lab itself takes most of a second under a sanitizer.
    EXPECT_LT(seconds_with("sleep 3; exit 5") - fast, 1.0) << "of 3 s";
}

TEST(LabCommand, SaysWhatIsWrong) {
    const struct {
        std::vector<std::string> arguments;
        const char* says;
    } cases[] = {
        {{"lab", "no-such"}, "neither a scenario nor a file"},
        {{"lab", "--mtu", "9"}, "allowed: a whole number from 576 to 65535"},
        {{"lab", "--reorder", "5"}, "reorder needs a delay"},
        {{"lab", "--emit", "writes=3&gap=0.2ms"}, "Parameter \"gap\" has the value \"0.2ms\""},
        {{"lab", "--emit", "wirtes=3"}, "Parameter \"wirtes\""},
        {{"lab", "--emit", "text=%4"}, "not followed by two hexadecimal digits"},
        {{"lab", "--link", "loopback", "--proxy", "x", "--proxy-port", "8080"},
         "proxy-port and port are to differ"},
        {{"lab", "--kernel", "no-such"},
         "\"no-such\" is none of its values (yes, no), and no scenario"},
        {{"lab", "--kernel", "cork", "nagle"}, "\"cork\" is not allowed; allowed: yes, no"},
        {{"lab", "--kernel", "cork", "--tls", "nagle"},
         "\"cork\" is not allowed; allowed: yes, no"},
        {{"lab", "-o", "/no/such/folder/x.pcapng"}, "cannot write to /no/such/folder/x.pcapng"},
    };
    for (const auto& one : cases) {
        Program lab(one.arguments);
        const std::string errors = lab.errors();
        EXPECT_NE(lab.exit_status(), 0);
        EXPECT_NE(errors.find(one.says), std::string::npos) << errors;
    }
}

/// A scenario that stands behind an option that needs no value is the scenario.
TEST(LabCommand, AnOptionWithoutAValueDoesNotTakeTheScenarioForOne) {
    const auto explained = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "lab");
        arguments.emplace_back("--explain");
        Program lab(arguments);
        EXPECT_EQ(lab.exit_status(), 0) << lab.errors();
        return lab.output();
    };
    const std::string plain = explained({"nagle"});
    const std::string recorded = explained({"nagle", "--kernel", "yes"});
    EXPECT_NE(recorded, plain);
    EXPECT_EQ(explained({"--kernel", "nagle"}), recorded);
    EXPECT_EQ(explained({"nagle", "--kernel"}), recorded);
    EXPECT_EQ(explained({"--kernel", "yes", "nagle"}), recorded);
    EXPECT_EQ(explained({"--kernel", "no", "nagle"}), plain);
    EXPECT_EQ(explained({"--tls", "nagle"}), explained({"nagle", "--tls", "1.3"}));
}

}  // namespace
}  // namespace seamark::testing
