// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lab with a proxy in the middle, as people run it: the program as a process. Where this
// machine allows no lab, each test skips with the program's own reason.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lab_process.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

/// Hands bytes on, both ways, one connection after another.
const char* const relay = R"(exec python3 -c '
import os, socket, threading
def hand_on(from_, to):
    while piece := from_.recv(65536):
        to.sendall(piece)
    to.shutdown(socket.SHUT_WR)
listener = socket.create_server((os.environ["SEAMARK_ADDRESS"], int(os.environ["SEAMARK_PORT"])))
host, port = os.environ["SEAMARK_UPSTREAM"].split(":")
while True:
    client, _ = listener.accept()
    server = socket.create_connection((host, int(port)))
    threading.Thread(target=hand_on, args=(client, server), daemon=True).start()
    hand_on(server, client)
')";

/// A folder for temporary files, to see what stays in it.
class ProxyLab : public Lab {
  protected:
    ProxyLab() {
        folder_ = std::filesystem::temp_directory_path() / ("proxy-lab-" + mark_);
        std::filesystem::create_directory(folder_);
        ::setenv("TMPDIR", folder_.c_str(), 1);
    }
    ~ProxyLab() override {
        ::unsetenv("TMPDIR");
        std::filesystem::remove_all(folder_);
    }
    bool left_nothing() const { return all_gone() && std::filesystem::is_empty(folder_); }

    std::filesystem::path folder_;
};

TEST_F(ProxyLab, CapturesEachLegOnACardOfItsOwn) {
    Program lab = start({"--proxy", relay, "--emit", "writes=20&size=100"});
    const std::string errors = lab.errors();
    const int status = lab.exit_status();
    if (refused(errors)) GTEST_SKIP() << errors;
    ASSERT_EQ(status, 0) << errors;
    EXPECT_NE(errors.find("200 OK"), std::string::npos) << errors;
    EXPECT_NE(errors.find("(2000 of them body data)"), std::string::npos) << errors;
    const Merged merged = read_merged(file_.path());
    EXPECT_TRUE(merged.whole);
    EXPECT_EQ(merged.backwards, 0);
    if (errors.find("no namespace") == std::string::npos) {
        ASSERT_EQ(merged.interfaces, 3);
        for (const std::uint32_t leg : {0U, 1U}) EXPECT_GT(merged.packets.at(leg), 6);
        EXPECT_GT(merged.packets.at(2), 40);  // what the server wrote and the proxy read, at least
    }
    std::ifstream file(file_.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(bytes.find("python3"), std::string::npos) << "the proxy's calls are events";
    EXPECT_TRUE(left_nothing());
}

TEST_F(ProxyLab, IsThereOnASlowCableAndOnALoopback) {
    for (const std::vector<std::string>& link :
         {std::vector<std::string>{"--delay", "3ms", "--capture", "both"},
          {"--link", "loopback"}}) {
        auto arguments = link;
        arguments.insert(arguments.end(), {"--proxy", relay, "--emit", "writes=3"});
        Program lab = start(arguments);
        const std::string errors = lab.errors();
        const int status = lab.exit_status();
        if (refused(errors)) GTEST_SKIP() << errors;
        ASSERT_EQ(status, 0) << errors;
        if (errors.find("no namespace") != std::string::npos) continue;
        EXPECT_EQ(read_merged(file_.path()).interfaces, link.front() == "--delay" ? 5 : 2);
    }
    EXPECT_TRUE(left_nothing());
}

TEST_F(ProxyLab, LeavesNothingWhenItIsStopped) {
    for (const int number : {SIGINT, SIGTERM, SIGKILL}) {
        std::filesystem::remove(file_.path());
        Program lab = start({"--proxy", relay, "--emit", "writes=10000&size=2000&gap=1ms"});
        if (!has_begun()) {
            const std::string errors = lab.errors();
            if (refused(errors)) GTEST_SKIP() << errors;
            FAIL() << "nothing was captured: " << errors;
        }
        std::this_thread::sleep_for(650ms);
        lab.signal(number);
        const int status = lab.exit_status();
        EXPECT_EQ(status, 128 + number);
        EXPECT_TRUE(left_nothing()) << number;
        EXPECT_TRUE(read_merged(file_.path()).whole) << number;
    }
}

TEST_F(ProxyLab, SaysWhyTheProxyDidNotStart) {
    Program lab = start({"--proxy", "echo no such luck >&2; exit 3"});
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1);
    if (refused(errors)) GTEST_SKIP() << errors;
    EXPECT_NE(errors.find("the proxy ended with status 3 before it listened"), std::string::npos)
        << errors;
    EXPECT_NE(errors.find("no such luck"), std::string::npos) << errors;
    EXPECT_TRUE(left_nothing());
}

TEST_F(ProxyLab, FillsInTheProxysConfiguration) {
    const ScratchFile scenario("proxied.txt");
    std::ofstream(scenario.path())
        << "title: proxied\nproxy: cat $SEAMARK_CONFIG >&2; exit 4\nproxy-port: 8123\n"
           "proxy-config: listen $SEAMARK_ADDRESS:$SEAMARK_PORT $other;\n"
           "proxy-config: ask $SEAMARK_UPSTREAM, keep in $SEAMARK_FOLDER/x\n";
    Program lab = start({scenario.path()});
    const std::string errors = lab.errors();
    EXPECT_EQ(lab.exit_status(), 1);
    if (refused(errors) || errors.find("no namespace") != std::string::npos) GTEST_SKIP() << errors;
    EXPECT_NE(errors.find("listen 192.0.2.3:8123 $other;"), std::string::npos) << errors;
    EXPECT_NE(errors.find("ask 192.0.2.1:8080, keep in " + folder_.string() + "/"),
              std::string::npos)
        << errors;
}

TEST_F(ProxyLab, HasScenariosOfRealProxies) {
    for (const char* const name : {"nginx-buffering", "nginx-streaming", "haproxy"}) {
        Program lab = start({name, "--emit", "writes=20&size=100"});
        const std::string errors = lab.errors();
        const int status = lab.exit_status();
        if (refused(errors)) GTEST_SKIP() << errors;
        if (errors.find(" is not installed; Debian has it in the package ") != std::string::npos) {
            EXPECT_EQ(status, 1) << errors;
            continue;
        }
        EXPECT_EQ(status, 0) << errors;
        EXPECT_NE(errors.find("(2000 of them body data)"), std::string::npos) << errors;
        EXPECT_TRUE(left_nothing()) << name;
    }
}

}  // namespace
}  // namespace seamark::testing
