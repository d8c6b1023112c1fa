// SPDX-License-Identifier: GPL-2.0-or-later
//
// The program as a process: what it prints, what signals do, and its exit status.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <regex>

#include "http_client.hpp"
#include "program.hpp"

namespace seamark::testing {
namespace {

TEST(Program, ServesUntilItIsStoppedAndExitsWithZero) {
    for (const int signal : {SIGINT, SIGTERM}) {
        Program program({"serve", "--port", "0"});
        HttpClient client(port_of(program.output_line()));
        client.get("/emit?writes=1");
        EXPECT_EQ(client.response().status, 200);
        program.signal(signal);
        EXPECT_EQ(program.exit_status(), 0);
        EXPECT_NE(program.errors().find("200 chunked: 3 writes (1-3)"), std::string::npos);
    }
}

TEST(Program, ACommandLineThatItDoesNotUnderstandIsStatusTwo) {
    const std::vector<std::string> cases[] = {
        {},       {"no-such-command"}, {"get"}, {"serve", "--nonsense"}, {"serve", "--port", "x"},
        {"check"}};
    for (const auto& arguments : cases)
        EXPECT_EQ(Program(arguments).exit_status(), 2) << ::testing::PrintToString(arguments);
    EXPECT_EQ(Program({"--help"}).exit_status(), 0);
    EXPECT_EQ(Program({"check", "--help"}).exit_status(), 0);
}

TEST(Program, AnEmptyPlanIsToldAtTheStart) {
    const std::string path = ::testing::TempDir() + "seamark-empty.plan";
    for (const char* text : {"", "\n \t", "# nothing\n", "repeat 3 {}"}) {
        std::ofstream(path) << text;
        Program program({"serve", "--port", "0", "--plan", path});
        EXPECT_EQ(program.exit_status(), 1) << text;
        EXPECT_NE(program.errors().find("this plan is empty"), std::string::npos);
        EXPECT_EQ(program.output(), "");
    }
    std::remove(path.c_str());
    Program emit({"lab", "nagle", "--emit", "plan="});
    EXPECT_EQ(emit.exit_status(), 2);
    EXPECT_NE(emit.errors().find("plan= needs a name"), std::string::npos);
}

TEST(Program, QuietLogsOnlyTrouble) {
    Program program({"serve", "--port", "0", "--quiet"});
    HttpClient client(port_of(program.output_line()));
    client.get("/emit?writes=1");
    client.response();
    program.signal(SIGTERM);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.errors(), "");
}

TEST(Program, ASignalDuringAResponseCutsItWithALogLine) {
    Program program({"serve", "--port", "0", "--quiet", "--grace", "100ms"});
    HttpClient client(port_of(program.output_line()));
    client.get("/emit?writes=1000&gap=20ms");
    client.unread(300);
    program.signal(SIGTERM);
    EXPECT_EQ(program.exit_status(), 0);
    const std::string errors = program.errors();
    const std::regex form(
        "127\\.0\\.0\\.1:[0-9]+ GET /emit\\?writes=1000&gap=20ms: cut after [0-9]+ writes and "
        "[0-9]+ bytes, [0-9]+ of 1000 data writes: .*\n");
    EXPECT_TRUE(std::regex_match(errors, form)) << errors;
    EXPECT_THROW(client.response(), std::runtime_error);
}

TEST(Program, ASecondSignalDoesNotWaitForGrace) {
    Program program({"serve", "--port", "0", "--grace", "60s"});
    HttpClient client(port_of(program.output_line()));
    client.get("/emit?writes=1000&gap=20ms");
    client.unread(300);
    const auto started = std::chrono::steady_clock::now();
    program.signal(SIGINT);
    client.unread(400);  // goes on
    program.signal(SIGTERM);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{5});
    EXPECT_NE(program.errors().find("second SIGTERM"), std::string::npos);
}

TEST(Program, APortInUseIsNamedWithTheRemedy) {
    Program first({"serve", "--port", "0"});
    const std::string port = std::to_string(port_of(first.output_line()));
    Program second({"serve", "--port", port});
    EXPECT_EQ(second.exit_status(), 1);
    const std::string errors = second.errors();
    EXPECT_NE(errors.find("127.0.0.1:" + port), std::string::npos) << errors;
    EXPECT_NE(errors.find("--port 0"), std::string::npos) << errors;
    EXPECT_EQ(second.output(), "");
}

TEST(Program, AnAddressThatIsNoneIsNamed) {
    Program name({"serve", "--address", "localhost"});
    EXPECT_EQ(name.exit_status(), 1);
    EXPECT_NE(name.errors().find("--address localhost is not an IP address"), std::string::npos);
    Program foreign({"serve", "--address", "192.0.2.1", "--port", "0"});
    EXPECT_EQ(foreign.exit_status(), 1);
    EXPECT_NE(foreign.errors().find("does not have that address"), std::string::npos);
}

TEST(Program, WrongOptionsAreExplained) {
    struct Case {
        std::vector<std::string> arguments;
        std::string text;
    };
    const Case cases[] = {
        {{}, "seamark serve"},
        {{"sing"}, "sing"},
        {{"serve", "--port", "65536"}, "65536"},
        {{"serve", "--port", "x"}, "--port"},
        {{"serve", "--grace", "5"}, "with a unit"},
        {{"serve", "--idle-timeout", "0"}, "from 100ms"},
        {{"serve", "--max-connections", "0"}, "--max-connections"},
        {{"serve", "--loud"}, "--loud"},
    };
    for (const Case& c : cases) {
        Program program(c.arguments);
        EXPECT_NE(program.exit_status(), 0);
        const std::string errors = program.errors();
        EXPECT_NE(errors.find(c.text), std::string::npos) << errors;
    }
}

TEST(Program, HelpNamesTheParametersAndGivesExamples) {
    Program program({"serve", "--help"});
    const std::string help = program.output();
    EXPECT_EQ(program.exit_status(), 0);
    for (const char* part : {"--address", "--port", "--grace", "Examples:", "curl --raw",
                             "writes-per-chunk=", "127.0.0.1"}) {
        EXPECT_NE(help.find(part), std::string::npos) << part;
    }
}

}  // namespace
}  // namespace seamark::testing
