// SPDX-License-Identifier: GPL-2.0-or-later
#include "program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <new>
#include <regex>

namespace seamark::testing {
namespace {

std::string read_text(int from, bool one_line) {
    std::string text;
    char c = 0;
    pollfd ready{.fd = from, .events = POLLIN, .revents = 0};
    while (::poll(&ready, 1, 60'000) == 1 && ::read(from, &c, 1) == 1) {
        text += c;
        if (one_line && c == '\n') break;
    }
    return text;
}

}  // namespace

Program::Program(std::vector<std::string> arguments) {
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

Program::~Program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
}

std::string Program::output_line() const {
    return read_text(out_, true);
}

std::string Program::output() const {
    return read_text(out_, false);
}

std::string Program::errors() const {
    return read_text(err_, false);
}

void Program::signal(int number) const {
    ::kill(pid_, number);
}

int Program::exit_status() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::uint16_t port_of(const std::string& line) {
    std::smatch parts;
    const std::regex form("listening on http://127\\.0\\.0\\.1:([0-9]+)/  \\(Ctrl-C stops\\)\n");
    if (!std::regex_match(line, parts, form)) {
        ADD_FAILURE() << "not the line that scripts wait for: " << line;
        return 0;
    }
    return static_cast<std::uint16_t>(std::stoi(parts[1]));
}

}  // namespace seamark::testing
