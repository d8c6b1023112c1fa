// SPDX-License-Identifier: GPL-2.0-or-later
//
// The lab as people run it: the program as a process. Where this machine allows no lab, each test
// skips with the program's own reason. Long because each of its promises is a case of a few lines.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "../pcapng_file.hpp"
#include "../program.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

struct Merged {
    bool whole = false;
    int backwards = 0;                     ///< packets before the one in front of them
    std::map<std::uint32_t, int> packets;  ///< by interface
    int interfaces = 0;
    int statistics = 0;
};

/// By the format's own rules, knowing nothing of what wrote it.
Merged read_merged(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        return value;
    };
    Merged merged;
    std::uint64_t last = 0;
    std::size_t at = 0;
    while (bytes.size() - at >= 12) {
        const std::size_t size = number(at + 4);
        if (size < 12 || size > bytes.size() - at || number(at + size - 4) != size) break;
        const std::uint32_t type = number(at);
        if (type == 1) ++merged.interfaces;
        if (type == 5) ++merged.statistics;
        if (type == 6) {
            const std::uint64_t time = std::uint64_t{number(at + 12)} << 32 | number(at + 16);
            if (time < last) ++merged.backwards;
            last = time;
            ++merged.packets[number(at + 8)];
        }
        at += size;
    }
    merged.whole = !bytes.empty() && at == bytes.size();
    return merged;
}

/// Processes whose environment has this, this process aside.
int processes_with(const std::string& mark) {
    int count = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        if (entry.path().filename() == std::to_string(::getpid())) continue;
        std::ifstream file(entry.path() / "environ", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        if (text.find(mark) != std::string::npos) ++count;
    }
    return count;
}

class Lab : public ::testing::Test {
  protected:
    Lab() { ::setenv("SEAMARK_TEST_MARK", mark_.c_str(), 1); }
    ~Lab() override { ::unsetenv("SEAMARK_TEST_MARK"); }

    Program start(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"lab", "-o", file_.path()});
        return Program(std::move(arguments));
    }

    static bool refused(const std::string& errors) {
        return errors.find("there can be no lab here") != std::string::npos;
    }

    bool all_gone() const {
        for (int i = 0; i < 100; ++i) {
            if (processes_with(mark_) == 0) return true;
            std::this_thread::sleep_for(100ms);
        }
        return false;
    }

    /// Whether the capture was begun, which may take a while where much else runs.
    bool has_begun() const {
        for (int i = 0; i < 2000; ++i) {
            std::error_code error;
            const auto size = std::filesystem::file_size(file_.path(), error);
            if (!error && size > 0) return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }

    ScratchFile file_{"lab.pcapng"};
    std::string mark_ = "seamark-lab-test-" + std::to_string(::getpid());
};

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
}

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
        {{"lab", "-o", "/no/such/folder/x.pcapng"}, "cannot write to /no/such/folder/x.pcapng"},
    };
    for (const auto& one : cases) {
        Program lab(one.arguments);
        const std::string errors = lab.errors();
        EXPECT_NE(lab.exit_status(), 0);
        EXPECT_NE(errors.find(one.says), std::string::npos) << errors;
    }
}

}  // namespace
}  // namespace seamark::testing
