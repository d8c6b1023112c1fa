// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace seamark::check {
namespace {

[[noreturn]] void fail(const std::string& what, int error = errno) {
    throw std::system_error(error, std::generic_category(), what);
}

/// A file descriptor that is closed when it goes.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {
        if (number < 0) fail("a pipe or file");
    }
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }
    int number() const { return number_; }

  private:
    int number_;
};

struct Pipe {
    std::array<int, 2> ends = [] {
        std::array<int, 2> made{-1, -1};
        if (::pipe2(made.data(), O_CLOEXEC) != 0) made = {-1, -1};
        return made;
    }();
    Descriptor out{ends[0]};
    Descriptor in{ends[1]};
};

/// A program that runs; killed if it goes before its end was waited for.
class Child {
  public:
    explicit Child(pid_t process) : process_(process) {}
    ~Child() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        wait();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    /// Its exit status, or 128 and a signal.
    int wait() {
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t process_;
};

/// What posix_spawn wants to know besides the command.
class Spawn {
  public:
    explicit Spawn(const sigset_t& mask) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        sigset_t defaults;
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        posix_spawnattr_setsigmask(&attributes_, &mask);
        posix_spawnattr_setsigdefault(&attributes_, &defaults);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Spawn() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    Spawn(const Spawn&) = delete;
    Spawn& operator=(const Spawn&) = delete;
    void becomes(int number, int standard) {
        posix_spawn_file_actions_adddup2(&actions_, number, standard);
    }
    pid_t start(const std::vector<std::string>& command,
                const std::vector<std::string>& environment) const {
        pid_t process = -1;
        const int error = ::posix_spawnp(&process, command.front().c_str(), &actions_, &attributes_,
                                         pointers(command).data(), pointers(environment).data());
        if (error != 0) fail("cannot run " + command.front(), error);
        return process;
    }

  private:
    static std::vector<char*> pointers(const std::vector<std::string>& texts) {
        std::vector<char*> all;
        all.reserve(texts.size() + 1);
        for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
        all.push_back(nullptr);
        return all;
    }
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

using Sink = std::function<void(std::string_view)>;

/// Gives whole lines on, and keeps the rest for later.
class Lines {
  public:
    explicit Lines(const Sink& take) : take_(take) {}

    void add(std::string_view piece) {
        for (auto end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
            if (rest_.empty()) {
                take_(piece.substr(0, end));
            } else {
                rest_.append(piece.substr(0, end));
                take_(rest_);
                rest_.clear();
            }
            piece.remove_prefix(end + 1);
        }
        rest_.append(piece);
    }
    void finish() {
        if (!rest_.empty()) take_(rest_);
        rest_.clear();
    }

  private:
    const Sink& take_;
    std::string rest_;
};

/// Gives what both pipes have to their sinks until both have ended.
void drain(int output, const Sink& out, int errors, const Sink& err, const OrderlyEnd& end) {
    std::array<pollfd, 3> ends{
        {{output, POLLIN, 0}, {errors, POLLIN, 0}, {end.descriptor(), POLLIN, 0}}};
    std::array<char, 65536> piece;
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) fail("poll");
        if (ends[2].revents != 0) {
            signalfd_siginfo info{};
            if (::read(end.descriptor(), &info, sizeof info) == sizeof info)
                throw Interrupted{static_cast<int>(info.ssi_signo)};
        }
        for (std::size_t i = 0; i < 2; ++i) {
            if (ends[i].fd < 0 || ends[i].revents == 0) continue;
            const ssize_t size = ::read(ends[i].fd, piece.data(), piece.size());
            if (size > 0) (i == 0 ? out : err)({piece.data(), static_cast<std::size_t>(size)});
            if (size == 0 || (size < 0 && errno != EINTR)) ends[i].fd = -1;
        }
    }
}

Ended run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
          const OrderlyEnd& end, const Sink& out) {
    Pipe output;
    Pipe errors;
    const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Spawn spawn(end.mask_before());
    spawn.becomes(nothing.number(), STDIN_FILENO);
    spawn.becomes(output.in.number(), STDOUT_FILENO);
    spawn.becomes(errors.in.number(), STDERR_FILENO);
    Child child(spawn.start(command, environment));
    output.in.close();
    errors.in.close();
    Ended ended{};
    drain(
        output.out.number(), out, errors.out.number(),
        [&](std::string_view piece) { ended.errors.append(piece); }, end);
    ended.status = child.wait();
    return ended;
}

}  // namespace

OrderlyEnd::OrderlyEnd() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) sigaddset(&ending, signal);
    descriptor_ = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) fail("signalfd");
    ::sigprocmask(SIG_BLOCK, &ending, &before_);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &pipe_before_);
}

OrderlyEnd::~OrderlyEnd() {
    ::close(descriptor_);
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Ended run_program(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment, const OrderlyEnd& end) {
    std::string output;
    Ended ended =
        run(command, environment, end, [&](std::string_view piece) { output.append(piece); });
    ended.output = std::move(output);
    return ended;
}

Ended run_program(const std::vector<std::string>& command,
                  const std::vector<std::string>& environment, const OrderlyEnd& end,
                  const std::function<void(std::string_view)>& take) {
    Lines lines(take);
    Ended ended = run(command, environment, end, [&](std::string_view piece) { lines.add(piece); });
    lines.finish();
    return ended;
}

}  // namespace seamark::check
