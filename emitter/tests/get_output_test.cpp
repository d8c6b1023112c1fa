// SPDX-License-Identifier: GPL-2.0-or-later
//
// `seamark get` as a process: what becomes of its output file.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "net/tests/running_server.hpp"
#include "pcapng_file.hpp"
#include "program.hpp"
#include "scripted_peer.hpp"

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(GetOutput, AFileSurvivesAFailedRequest) {
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

TEST(GetOutput, TheFileIsThereWhenTheFirstByteIs) {
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

TEST(GetOutput, SpecialFilesAreWrittenAsTheyAre) {
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

TEST(GetOutput, AFullPipeDoesNotHoldItAgainstASignal) {
    RunningServer server;
    Program get({"get", "--quiet",
                 "http://127.0.0.1:" + std::to_string(server.port()) +
                     "/emit?writes=10&size=1000000&gap=0"});
    EXPECT_FALSE(get.output_line().empty());  // and no more of it is read
    std::this_thread::sleep_for(200ms);
    get.signal(SIGINT);
    EXPECT_EQ(get.exit_status(), 130);
}

TEST(GetOutput, SaysWhatItCannotWriteBeforeItAsks) {
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
