// SPDX-License-Identifier: GPL-2.0-or-later
//
// The program as a process: what it prints, what signals do, and its exit status.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <regex>

#include "http_client.hpp"

namespace seamark::testing {
namespace {

/// The program, with pipes on its two outputs. Killed by the destructor if it still runs.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments) {
        int out[2];
        int err[2];
        if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) throw std::bad_alloc();
        std::vector<char*> argv{const_cast<char*>(SEAMARK_PROGRAM)};
        for (auto& argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(out[1], 1);
            ::dup2(err[1], 2);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(out[1]);
        ::close(err[1]);
        out_ = out[0];
        err_ = err[0];
    }

    ~Program() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        ::close(out_);
        ::close(err_);
    }

    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    std::string output_line() const { return read(out_, true); }
    std::string output() const { return read(out_, false); }
    std::string errors() const { return read(err_, false); }
    void signal(int number) const { ::kill(pid_, number); }

    int exit_status() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    static std::string read(int from, bool one_line) {
        std::string text;
        char c = 0;
        pollfd ready{.fd = from, .events = POLLIN, .revents = 0};
        while (::poll(&ready, 1, 10'000) == 1 && ::read(from, &c, 1) == 1) {
            text += c;
            if (one_line && c == '\n') break;
        }
        return text;
    }

    pid_t pid_ = 0;
    int out_ = -1;
    int err_ = -1;
};

std::uint16_t port_of(const std::string& line) {
    std::smatch parts;
    const std::regex form("listening on http://127\\.0\\.0\\.1:([0-9]+)/  \\(Ctrl-C stops\\)\n");
    if (!std::regex_match(line, parts, form)) {
        ADD_FAILURE() << "not the line that scripts wait for: " << line;
        return 0;
    }
    return static_cast<std::uint16_t>(std::stoi(parts[1]));
}

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
