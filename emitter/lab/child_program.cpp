// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/child_program.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "plan/escaped.hpp"

extern char** environ;

namespace seamark::lab {
namespace {

constexpr int events_number = 3;            // of the child's descriptor for events
constexpr std::size_t longest_line = 4096;  // of what a program says; more begins another

/// What the lab says to its programs, and what only a recording around them may say. Where the
/// caller has set one of these it is taken away, also from a program that gets none of the lab's.
constexpr std::string_view own_variables[] = {
    "SEAMARK_ADDRESS", "SEAMARK_PORT",   "SEAMARK_URL", "SEAMARK_UPSTREAM",
    "SEAMARK_FOLDER",  "SEAMARK_CONFIG", "SEAMARK_TLS", "SEAMARK_TRACE"};

bool is_own(std::string_view variable) {
    const auto name = variable.substr(0, variable.find('='));
    return std::find(std::begin(own_variables), std::end(own_variables), name) !=
           std::end(own_variables);
}

struct Pipe {
    int read_end;
    int write_end;
};

Pipe make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "make a pipe");
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);  // as a limit of the system's allows
    return {ends[0], ends[1]};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    all.reserve(texts.size() + 1);
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

/// Between fork and exec: system calls only.
[[noreturn]] void become(char** command, char** environment, int host, int events, int output,
                         bool output_is_capture) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_DFL);
    const int null = ::open("/dev/null", O_RDONLY);
    // The events' descriptor last: the others may be in its place.
    const bool well = (host < 0 || ::setns(host, CLONE_NEWNET) == 0) && ::dup2(null, 0) == 0 &&
                      ::dup2(output_is_capture ? events : output, 1) == 1 &&
                      ::dup2(output, 2) == 2 &&
                      (events == events_number ? ::fcntl(events, F_SETFD, 0) == 0
                                               : ::dup2(events, events_number) == events_number);
    if (well) ::execve(command[0], command, environment);
    const char* const reason = std::strerror(errno);
    (void)!::write(output, reason, std::strlen(reason));
    ::_exit(127);
}

bool drain(int& descriptor, const std::function<void(std::span<const std::uint8_t>)>& take) {
    std::array<std::uint8_t, 65536> bytes;
    bool any = false;
    // Bounded, so that a torrent from one program keeps no one else waiting.
    for (int round = 0; descriptor >= 0 && round < 64; ++round) {
        const auto count = ::read(descriptor, bytes.data(), bytes.size());
        if (count > 0) {
            any = true;
            take({bytes.data(), static_cast<std::size_t>(count)});
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            ::close(descriptor);
            descriptor = -1;
        } else {
            break;
        }
    }
    return any;
}

}  // namespace

ChildProgram::ChildProgram(const Start& start) : role_(start.role), speaks_(start.speaks) {
    const Pipe events = make_pipe();
    const Pipe output = make_pipe();
    events_ = events.read_end;
    output_ = output.read_end;
    auto command = start.command;
    std::replace(command.begin(), command.end(), std::string("%EVENTS%"),
                 "/dev/fd/" + std::to_string(events_number));
    auto environment = start.environment;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (!is_own(*variable)) environment.emplace_back(*variable);
    const auto arguments = pointers(command);
    const auto variables = pointers(environment);
    process_ = ::fork();
    if (process_ == 0)
        become(const_cast<char**>(arguments.data()), const_cast<char**>(variables.data()),
               start.host->descriptor(), events.write_end, output.write_end,
               start.output_is_capture);
    ::close(events.write_end);
    ::close(output.write_end);
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "start the " + role_);
    ::setpgid(process_, process_);  // whoever is first
}

ChildProgram::~ChildProgram() {
    if (events_ >= 0) ::close(events_);
    if (output_ >= 0) ::close(output_);
}

void ChildProgram::ended(int wait_status) {
    status_ = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

void ChildProgram::signal(int number) const {
    if (runs()) ::kill(-process_, number);
}

bool ChildProgram::drain_events(const std::function<void(const PcapngStream::Packet&)>& take,
                                const PcapngStream::TakeSecrets& secrets) {
    return drain(events_, [&](auto bytes) {
        if (!stream_.feed(bytes, take, secrets)) broke_off_ |= !std::exchange(is_broken_, true);
    });
}

bool ChildProgram::drain_output(const std::function<void(const std::string& line)>& take) {
    const bool any = drain(output_, [&](std::span<const std::uint8_t> bytes) {
        for (const auto byte : bytes) {
            if (byte != '\n') line_ += static_cast<char>(byte);
            if (byte != '\n' && line_.size() < longest_line) continue;
            take(plan::printable(line_));
            line_.clear();
        }
    });
    if (output_ < 0 && !line_.empty()) take(plan::printable(std::exchange(line_, {})));
    return any;
}

}  // namespace seamark::lab
