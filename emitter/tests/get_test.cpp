// SPDX-License-Identifier: GPL-2.0-or-later
//
// `seamark get` as a process, against a server in this one and against peers that misbehave.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "net/tests/running_server.hpp"
#include "pcapng_file.hpp"
#include "program.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

std::string url(std::uint16_t port, const std::string& target) {
    return "http://127.0.0.1:" + std::to_string(port) + target;
}

/// A server that takes one connection and one request, and then does what the test says.
class OneAnswer {
  public:
    explicit OneAnswer(std::string bytes, bool reset = false)
        : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 1);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this, bytes = std::move(bytes), reset] {
            const int peer = ::accept(listener_, nullptr, nullptr);
            char request[4096];
            ::recv(peer, request, sizeof request, 0);
            ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            std::this_thread::sleep_for(50ms);  // until it has been read
            const linger at_once{.l_onoff = reset, .l_linger = 0};
            ::setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            ::close(peer);
        });
    }
    ~OneAnswer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    OneAnswer(const OneAnswer&) = delete;
    OneAnswer& operator=(const OneAnswer&) = delete;
    std::uint16_t port() const { return port_; }

  private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

TEST(Get, AsksAgainOnTheSameConnection) {
    RunningServer server;
    Program get({"get", "--requests", "3", url(server.port(), "/emit?writes=2&size=10&gap=0")});
    const std::string body = get.output();
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 0) << errors;
    EXPECT_EQ(body.size(), 60U);
    EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 3) << errors;
}

TEST(Get, SaysWhatAnEndBetweenTwoResponsesMeans) {
    RunningServer server;
    Program get({"get", "--requests", "2", url(server.port(), "/emit?writes=2&framing=close")});
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 1) << errors;
    // Which of these depends on whose packet is first.
    EXPECT_TRUE(errors.find("without an answer") != std::string::npos ||
                errors.find("before its head was whole") != std::string::npos ||
                errors.find("could not be sent") != std::string::npos)
        << errors;
}

TEST(Get, PrintsTheBodyAndSumsItUp) {
    RunningServer server;
    for (const char* framing : {"chunked", "length", "close"}) {
        Program get(
            {"get", url(server.port(), "/emit?writes=2&gap=0&framing=" + std::string(framing))});
        EXPECT_EQ(get.output(),
                  "1 abcdefghijklmnopqrstuvwxyzabc\n2 abcdefghijklmnopqrstuvwxyzabc\n");
        const std::string line = get.errors();
        EXPECT_EQ(line.find("200 OK, "), 0U) << line;
        EXPECT_NE(line.find("(64 of them body data)"), std::string::npos) << line;
        EXPECT_EQ(get.exit_status(), 0);
    }
}

TEST(Get, SaysNothingThatWentWellIfAskedToBeQuiet) {
    RunningServer server;
    Program get({"get", "--quiet", url(server.port(), "/emit?writes=1&gap=0")});
    EXPECT_EQ(get.output(), "1 abcdefghijklmnopqrstuvwxyzabc\n");
    EXPECT_EQ(get.errors(), "");
    EXPECT_EQ(get.exit_status(), 0);
}

TEST(Get, ReadsByTheSizeAndPaceItWasGivenAndRecordsIt) {
    RunningServer server;
    const ScratchFile scratch;
    const auto started = std::chrono::steady_clock::now();
    Program get({"get", url(server.port(), "/emit?writes=20&gap=0"), "--read-size", "100", "--pace",
                 "5ms", "--rcvbuf", "4096", "-o", "discard", "--events", scratch.path()});
    EXPECT_EQ(get.output(), "");
    EXPECT_EQ(get.exit_status(), 0) << get.errors();
    const auto took = std::chrono::steady_clock::now() - started;

    const PcapngFile file = read_pcapng(scratch.path());
    ASSERT_GT(file.packets.size(), 10U);
    EXPECT_TRUE(file.whole);
    EXPECT_EQ(file.packets[0].event.kind, EventKind::kOption);
    EXPECT_EQ(file.packets[0].event.requested, 4096U);
    EXPECT_EQ(file.packets[1].event.kind, EventKind::kOpened);
    EXPECT_EQ(file.packets[1].event.call, Call::kConnect);
    EXPECT_TRUE(file.packets[1].event.has(EventFlags::kClient));
    std::uint64_t offset = 0;
    std::uint64_t reads = 0;
    std::uint64_t written = 0;
    std::int64_t before = 0;
    for (const FilePacket& packet : file.packets) {
        const IoEvent& event = packet.event;
        EXPECT_GE(packet.time_ns, before);
        EXPECT_EQ(packet.time_ns, event.entered);
        EXPECT_LE(event.entered, event.left);
        before = packet.time_ns;
        if (event.kind == EventKind::kWrite) written += event.taken();
        if (event.kind != EventKind::kRead || event.index == 0) continue;
        EXPECT_EQ(event.index, ++reads);
        EXPECT_EQ(event.offset, offset);
        EXPECT_EQ(event.requested, 100U);
        EXPECT_EQ(event.program, "seamark get");
        offset += event.taken();
    }
    EXPECT_EQ(file.packets[file.packets.size() - 2].event.kind, EventKind::kClosed);
    EXPECT_EQ(file.packets.back().event.kind, EventKind::kEnd);
    EXPECT_GT(written, 50U);
    EXPECT_GE(reads, offset / 100);
    EXPECT_GE(took, 5ms * (reads - 1));
}

TEST(Get, WritesTheBodyToAFile) {
    RunningServer server;
    const ScratchFile scratch("body");
    Program get({"get", url(server.port(), "/emit?writes=1&gap=0"), "-o", scratch.path()});
    EXPECT_EQ(get.exit_status(), 0);
    std::ifstream in(scratch.path());
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>(in), {}}),
              "1 abcdefghijklmnopqrstuvwxyzabc\n");
}

void expect_failure(const std::vector<std::string>& arguments,
                    const std::vector<std::string>& parts) {
    Program get(arguments);
    EXPECT_NE(get.exit_status(), 0);
    const std::string errors = get.errors();
    for (const std::string& part : parts) {
        EXPECT_NE(errors.find(part), std::string::npos) << part << " is not in: " << errors;
    }
}

TEST(Get, SaysWhatWentWrong) {
    std::uint16_t nobody = 0;
    {
        const RunningServer server;
        nobody = server.port();
    }
    expect_failure(
        {"get", url(nobody, "/")},
        {"cannot connect to 127.0.0.1:" + std::to_string(nobody), "Nothing listens there"});
    expect_failure({"get", "http://no-such-host.invalid/"}, {"no-such-host.invalid", "spelling"});
    expect_failure({"get", "ftp://127.0.0.1/"}, {"ftp://127.0.0.1/", "https://HOST"});
    expect_failure({"get", url(1, "/"), "--read-size", "0"}, {"--read-size"});
    expect_failure({"get", url(1, "/"), "--pace", "10"}, {"\"10\"", "with a unit"});
    expect_failure({"get", url(1, "/"), "--events", "/nowhere/e.pcapng"},
                   {"cannot record to /nowhere/e.pcapng", "folder does not exist"});
    expect_failure({"get", url(1, "/"), "--record", "state"}, {"--record", "requires --events"});
    expect_failure({"get"}, {"url is required"});
}

TEST(Get, APeerThatBreaksOffIsNamed) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n";
    {
        const OneAnswer peer(head + "hello", true);
        expect_failure({"get", url(peer.port(), "/")},
                       {"reset the connection in the middle of the body", "5 bytes of the body"});
    }
    {
        const OneAnswer peer(head + "hello");
        expect_failure({"get", url(peer.port(), "/")}, {"closed", "in the middle of the body"});
    }
    {
        const OneAnswer peer("");
        expect_failure({"get", url(peer.port(), "/")}, {"without an answer"});
    }
    {
        const OneAnswer peer("SSH-2.0-OpenSSH_9.2\r\n");
        expect_failure({"get", url(peer.port(), "/")}, {"no HTTP/1.x response", "SSH-2.0"});
    }
    {
        const OneAnswer peer("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'));
        expect_failure({"get", url(peer.port(), "/")},
                       {"longer than 65536 bytes", "begins with \"HTTP/1.1 200 OK"});
    }
}

TEST(Get, ASignalEndsTheRecordAsItShould) {
    RunningServer server;
    const ScratchFile scratch;
    Program get(
        {"get", url(server.port(), "/emit?writes=1000&gap=20ms"), "--events", scratch.path()});
    EXPECT_FALSE(get.output_line().empty());
    get.signal(SIGINT);
    EXPECT_EQ(get.exit_status(), 130);
    EXPECT_NE(get.errors().find("stopped by SIGINT"), std::string::npos);
    EXPECT_EQ(read_pcapng(scratch.path()).packets.back().event.kind, EventKind::kEnd);
}

}  // namespace
}  // namespace seamark::testing
