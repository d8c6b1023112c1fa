// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/command.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <ctime>
#include <system_error>

extern char** environ;

namespace seamark::trace {
namespace {

using Clock = std::chrono::steady_clock;

constexpr timespec drain_period{0, 5'000'000};
constexpr auto longest_farewell = std::chrono::seconds{10};

/// SIGCHLD wakes us.
constexpr std::array forwarded{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

}  // namespace

BlockedSignals::BlockedSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGCHLD);
    for (const int number : forwarded) sigaddset(&set_, number);
    sigprocmask(SIG_BLOCK, &set_, &before_);
}

BlockedSignals::~BlockedSignals() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

IgnoredSignals::IgnoredSignals() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigemptyset(&defaults_);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        ::sigaction(numbers[i], &ignore, &before_[i]);
        if (before_[i].sa_handler == SIG_DFL) sigaddset(&defaults_, numbers[i]);
    }
}

IgnoredSignals::~IgnoredSignals() {
    for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], &before_[i], nullptr);
}

Command::Command(const std::string& program, std::vector<std::string> arguments,
                 const BlockedSignals& signals, const IgnoredSignals& ignored)
    : signals_(signals) {
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &signals.before());
    posix_spawnattr_setsigdefault(&attributes, &ignored.defaults());
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error =
        ::posix_spawn(&process_, program.c_str(), nullptr, &attributes, pointers.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot start " + program);
}

void Command::wait() {
    siginfo_t info{};
    const int number = ::sigtimedwait(&signals_.set(), &info, &drain_period);
    if (number == SIGCHLD) has_ended_ = ::waitpid(process_, &status_, WNOHANG) == process_;
    // What a terminal sends, it sends to the command as well.
    if (number > 0 && number != SIGCHLD && info.si_code <= 0) ::kill(process_, number);
    const auto now = Clock::now();
    if (number == SIGTERM) leave_at_ = leave_at_ ? now : now + longest_farewell;
    is_left_ = !has_ended_ && leave_at_ && now >= *leave_at_;
}

bool Command::has_signal() const {
    sigset_t pending;
    sigpending(&pending);
    return sigandset(&pending, &pending, &signals_.set()) == 0 && sigisemptyset(&pending) == 0;
}

int Command::status() const {
    if (is_left_) return 128 + SIGTERM;
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
}

}  // namespace seamark::trace
