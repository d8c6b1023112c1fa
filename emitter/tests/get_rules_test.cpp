// SPDX-License-Identifier: GPL-2.0-or-later
//
// `seamark get` as a process: when it stops asking, when it stops waiting, and what becomes of its
// output file.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
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

/// Serves one connection by a function, and counts what comes on it. The function is given the
/// number of each request, from 1, and the socket; it returns whether more may come.
class Peer {
  public:
    using Answer = std::function<bool(int number, int socket)>;

    explicit Peer(Answer answer)
        : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), answer_(std::move(answer)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(listener_, 1);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Peer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    int requests() const { return requests_; }

  private:
    void serve() {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        std::string unread;
        char bytes[4096];
        bool more = true;
        for (ssize_t got = 1; got > 0;) {
            got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got > 0) unread.append(bytes, static_cast<std::size_t>(got));
            for (std::size_t end; (end = unread.find("\r\n\r\n")) != std::string::npos;) {
                unread.erase(0, end + 4);
                ++requests_;
                if (more) more = answer_(requests_, socket);
            }
        }
        ::close(socket);
    }

    int listener_;
    Answer answer_;
    std::uint16_t port_ = 0;
    std::atomic<int> requests_ = 0;
    std::thread thread_;
};

bool send(int socket, const std::string& bytes) {
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

Peer::Answer always(const std::string& bytes) {
    return [bytes](int, int socket) { return send(socket, bytes); };
}

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(GetRules, SendsNoRequestBehindALastResponse) {
    struct Case {
        const char *head, *why;
    };
    for (const Case& c : {
             Case{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
                  "Connection: close"},
             Case{"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nhi",
                  "Connection: close"},
             Case{"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
                  "Connection: close"},
             Case{"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "Connection: close"},
             Case{"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.0 without"},
             Case{"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "2\r\nhi\r\n0\r\n\r\n",
                  "has Transfer-Encoding"},
             Case{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "another protocol"},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there", "more bytes than"},
         }) {
        Peer peer(always(c.head));
        Program get({"get", "-o", "discard", "--requests", "3", peer.url()});
        const std::string errors = get.errors();
        EXPECT_EQ(get.exit_status(), 1) << errors;
        EXPECT_NE(errors.find("response 1 of 3"), std::string::npos) << errors;
        EXPECT_NE(errors.find(c.why), std::string::npos) << errors;
        EXPECT_NE(errors.find("2 more requests could not be sent"), std::string::npos) << errors;
        EXPECT_EQ(peer.requests(), 1) << c.head;

        Peer once(always(c.head));
        Program last({"get", "-o", "discard", once.url()});
        EXPECT_EQ(last.exit_status(), 0) << c.head << last.errors();
    }
}

TEST(GetRules, GoesOnWhereTheResponseLetsIt) {
    for (const char* head :
         {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
          "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: "
          "chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
          "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\n\r\nHTTP/1.1 200\r\nContent-Length: "
          "2\r\n\r\nhi",
          "HTTP/1.2 200\r\nContent-Length: 2\r\n\r\nhi"}) {
        Peer peer(always(head));
        Program get({"get", "--quiet", "--requests", "3", peer.url()});
        EXPECT_EQ(get.output(), "hihihi") << head;
        EXPECT_EQ(get.exit_status(), 0) << get.errors();
        EXPECT_EQ(peer.requests(), 3);
    }
}

void expect_timeout(const std::vector<std::string>& options, const Peer::Answer& answer,
                    const std::vector<std::string>& parts) {
    Peer peer(answer);
    std::vector<std::string> arguments{"get", "-o", "discard", peer.url()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto begin = std::chrono::steady_clock::now();
    Program get(arguments);
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
    for (const std::string& part : parts) EXPECT_NE(errors.find(part), std::string::npos) << errors;
}

TEST(GetRules, WaitsNoLongerThanItMay) {
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n";
    const Peer::Answer silent = [](int, int) { return true; };
    expect_timeout({"--timeout", "200ms"}, silent, {"no whole head", "200ms", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always(head),
                   {"after 0 bytes of the body", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always(head + "hello"),
                   {"after 5 bytes of the body", "--timeout"});
    expect_timeout({"--timeout", "200ms"}, always("HTTP/1.1 100 Continue\r\n\r\n"),
                   {"no whole head"});
    expect_timeout({"--timeout", "0", "--max-time", "300ms"}, silent, {"300ms", "--max-time"});

    const auto dripping = [](const std::string& first, const std::string& drop) {
        return [=](int, int socket) {
            bool open = send(socket, first);
            while (open) {
                std::this_thread::sleep_for(20ms);
                open = send(socket, drop);
            }
            return false;
        };
    };
    // A head that drips is late; a body that drips is a stream, which --max-time ends.
    expect_timeout({"--timeout", "500ms"}, dripping("HTTP/1.1 200 OK\r\n", "X"), {"no whole head"});
    expect_timeout({"--timeout", "500ms"}, dripping("", "HTTP/1.1 102 \r\n\r\n"), {"get: "});
    expect_timeout({"--timeout", "30s", "--max-time", "700ms"}, dripping(head, "x"),
                   {"bytes of the body", "700ms", "--max-time"});
    expect_timeout({"--timeout", "30s"}, dripping("", "HTTP/1.1 102 \r\n\r\n"),
                   {"100 1xx responses"});
}

TEST(GetRules, AStreamThatIsSlowerThanTheTimeoutInAllIsNoneToEnd) {
    RunningServer server;
    Program get(
        {"get", "--quiet", "--timeout", "2s",
         "http://127.0.0.1:" + std::to_string(server.port()) + "/emit?writes=12&size=4&gap=250ms"});
    EXPECT_EQ(get.output().size(), 48U);
    EXPECT_EQ(get.exit_status(), 0) << get.errors();
    // Nor does its own pace count.
    Program slow({"get", "--quiet", "--timeout", "2s", "--read-size", "20", "--pace", "200ms",
                  "http://127.0.0.1:" + std::to_string(server.port()) + "/emit?writes=1&gap=0"});
    EXPECT_EQ(slow.output().size(), 32U);
    EXPECT_EQ(slow.exit_status(), 0) << slow.errors();
}

TEST(GetRules, AConnectionThatDoesNotComeAboutIsGivenUp) {
    // A listener whose backlog is full lets further connections wait.
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 0), 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    std::vector<int> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        ::connect(waiting.back(), reinterpret_cast<sockaddr*>(&address), size);
    }
    Program get({"get", "--timeout", "300ms",
                 "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"});
    const std::string errors = get.errors();
    EXPECT_EQ(get.exit_status(), 1);
    EXPECT_NE(errors.find("cannot connect to 127.0.0.1"), std::string::npos) << errors;
    EXPECT_NE(errors.find("within 300ms"), std::string::npos) << errors;
    for (const int socket : waiting) ::close(socket);
    ::close(listener);
}

TEST(GetRules, AFileSurvivesAFailedRequest) {
    const ScratchFile scratch("body");
    const std::string folder = std::filesystem::path(scratch.path()).parent_path();
    const auto names = [&] {
        return std::distance(std::filesystem::directory_iterator(folder), {});
    };
    std::ofstream(scratch.path()) << "old";
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    const auto closing = [](const std::string& bytes) {
        return [=](int, int socket) {
            send(socket, bytes);
            ::shutdown(socket, SHUT_WR);
            return false;
        };
    };
    for (const std::string& bytes : {std::string(), std::string("SSH-2.0-x\r\n"), head,
                                     std::string("HTTP/1.1 200 OK\r\nContent-Le")}) {
        Peer peer(closing(bytes));
        Program get({"get", peer.url(), "-o", scratch.path()});
        EXPECT_EQ(get.exit_status(), 1) << bytes;
        EXPECT_EQ(text_of(scratch.path()), "old") << bytes;
        EXPECT_EQ(names(), 1) << "something was left behind";
    }
    {
        Program get({"get", "http://no-such-host.invalid/", "-o", scratch.path()});
        EXPECT_EQ(get.exit_status(), 1);
        EXPECT_EQ(text_of(scratch.path()), "old");
        EXPECT_EQ(names(), 1);
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Peer peer([](int, int) { return true; });
        Program get({"get", peer.url(), "-o", scratch.path()});
        while (peer.requests() == 0) std::this_thread::sleep_for(5ms);
        EXPECT_EQ(names(), 2);
        get.signal(signal);
        EXPECT_EQ(get.exit_status(), 128 + signal);
        EXPECT_EQ(text_of(scratch.path()), "old");
        EXPECT_EQ(names(), 1) << "something was left behind";
    }
    // From the first byte on it is the new one, whole or not.
    Peer partial(closing(head + "he"));
    Program get({"get", partial.url(), "-o", scratch.path()});
    EXPECT_EQ(get.exit_status(), 1);
    EXPECT_EQ(text_of(scratch.path()), "he");
    Peer empty(always("HTTP/1.1 204\r\n\r\n"));
    Program none({"get", empty.url(), "-o", scratch.path()});
    EXPECT_EQ(none.exit_status(), 0) << none.errors();
    EXPECT_EQ(text_of(scratch.path()), "");
    EXPECT_EQ(names(), 1);
}

TEST(GetRules, TheFileIsThereWhenTheFirstByteIs) {
    const ScratchFile scratch("body");
    std::ofstream(scratch.path()) << "old";
    Peer peer([](int, int socket) {
        send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        return true;
    });
    Program get({"get", peer.url(), "-o", scratch.path()});
    for (int i = 0; i < 2000 && text_of(scratch.path()) != "hello"; ++i)
        std::this_thread::sleep_for(5ms);
    EXPECT_EQ(text_of(scratch.path()), "hello");
    get.signal(SIGINT);
    EXPECT_EQ(get.exit_status(), 130);
}

TEST(GetRules, SpecialFilesAreWrittenAsTheyAre) {
    RunningServer server;
    const std::string url =
        "HTTP://127.0.0.1:" + std::to_string(server.port()) + "/emit?writes=2&size=8&gap=0";
    const std::string body = "1 abcde\n2 abcde\n";
    for (const char* where : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
        Program get({"get", "--quiet", "-o", where, url});
        EXPECT_EQ(get.output(), body) << where;
        EXPECT_EQ(get.exit_status(), 0) << get.errors();
    }
    Program null({"get", "--quiet", "-o", "/dev/null", url});
    EXPECT_EQ(null.exit_status(), 0) << null.errors();
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));

    const ScratchFile fifo("fifo");
    ASSERT_EQ(::mkfifo(fifo.path().c_str(), 0600), 0);
    Program get({"get", "--quiet", "-o", fifo.path(), url});
    EXPECT_EQ(text_of(fifo.path()), body);
    EXPECT_EQ(get.exit_status(), 0) << get.errors();
    EXPECT_TRUE(std::filesystem::is_fifo(fifo.path()));

    Program nobody({"get", "-o", fifo.path(), "--max-time", "200ms", url});
    EXPECT_NE(nobody.errors().find("no program has opened"), std::string::npos);
    EXPECT_EQ(nobody.exit_status(), 1);
    Program stopped({"get", "-o", fifo.path(), url});
    std::this_thread::sleep_for(
        300ms);  // it waits for a reader then, or will see the signal at once
    stopped.signal(SIGINT);
    EXPECT_EQ(stopped.exit_status(), 130);
}

TEST(GetRules, AFullPipeDoesNotHoldItAgainstASignal) {
    RunningServer server;
    Program get({"get", "--quiet",
                 "http://127.0.0.1:" + std::to_string(server.port()) +
                     "/emit?writes=10&size=1000000&gap=0"});
    EXPECT_FALSE(get.output_line().empty());  // and no more of it is read
    std::this_thread::sleep_for(200ms);
    get.signal(SIGINT);
    EXPECT_EQ(get.exit_status(), 130);
}

TEST(GetRules, SaysWhatItCannotWriteBeforeItAsks) {
    Peer peer([](int, int) { return true; });
    for (const char* where : {"/nowhere/file", "/", ""}) {
        Program get({"get", peer.url(), "-o", where});
        const std::string errors = get.errors();
        EXPECT_EQ(get.exit_status(), *where == '\0' ? 2 : 1) << errors;
        EXPECT_NE(errors.find("-o"), std::string::npos) << errors;
    }
    EXPECT_EQ(peer.requests(), 0);
}

}  // namespace
}  // namespace seamark::testing
