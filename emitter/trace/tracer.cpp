// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/tracer.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "trace/event_file.hpp"
#include "trace/program_file.hpp"
#include "trace/recording.hpp"
#include "trace/unseen.hpp"

extern char** environ;

namespace seamark::trace {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr timespec drain_period{0, 5'000'000};
constexpr auto look_period = std::chrono::milliseconds{500};

/// What somebody may send us and means the command. SIGCHLD wakes us.
constexpr std::array forwarded{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH};

/// Beside the program: in a build tree, and installed.
std::string find_library() {
    const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
    for (const char* place : {SEAMARK_LIBRARY_FOLDER, "lib/seamark", "lib"}) {
        const std::string file = (folder / place / "libseamark_trace.so").lexically_normal();
        if (!fs::exists(file)) continue;
        if (file.find_first_of(" :") != std::string::npos)
            throw std::runtime_error("the path " + file +
                                     " has a blank or a colon, where LD_PRELOAD would cut it. "
                                     "Install seamark at another place.");
        return file;
    }
    throw std::runtime_error(
        "libseamark_trace.so is neither in " + (folder / "lib/seamark").string() + " nor in " +
        (folder / "lib").string() + ". Install seamark again (./run install).");
}

/// SIGCHLD and the forwarded signals wait for sigtimedwait() while this lives.
class BlockedSignals {
  public:
    BlockedSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGCHLD);
        for (const int number : forwarded) sigaddset(&set_, number);
        sigprocmask(SIG_BLOCK, &set_, &before_);
    }
    ~BlockedSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

    const sigset_t& set() const { return set_; }
    const sigset_t& before() const { return before_; }

  private:
    sigset_t set_{};
    sigset_t before_{};
};

pid_t start(const std::string& program, std::vector<std::string> command, const sigset_t& mask) {
    std::vector<char*> arguments;
    for (auto& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = 0;
    const int error =
        ::posix_spawn(&child, program.c_str(), nullptr, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot start " + program);
    return child;
}

/// One wait for a signal, or for the time to drain. True once the command has ended.
bool ended(pid_t child, const BlockedSignals& signals, int& status) {
    siginfo_t info{};
    const int number = ::sigtimedwait(&signals.set(), &info, &drain_period);
    // What a terminal sends, it sends to the command as well.
    if (number > 0 && number != SIGCHLD && info.si_code <= 0) ::kill(child, number);
    return number == SIGCHLD && ::waitpid(child, &status, WNOHANG) == child;
}

std::string counted(std::uint64_t count, const char* thing, const char* things) {
    return std::to_string(count) + ' ' + (count == 1 ? thing : things);
}

void say(const std::string& line) {
    std::fprintf(stderr, "seamark trace: %s\n", line.c_str());
}

void say_names(const std::map<pid_t, std::string>& names, const std::string& what) {
    std::string list;
    std::size_t shown = 0;
    for (const auto& [process, name] : names) {
        if (shown++ == 5) break;
        list += (list.empty() ? "" : ", ") + name;
    }
    if (names.size() > shown) list += " and " + std::to_string(names.size() - shown) + " more";
    if (!names.empty()) say(list + ": " + what);
}

void say_what_was_not_seen(const Recording& recording, const Unseen& unseen,
                           const EventFile& file) {
    const seamark_trace& shared = recording.shared();
    if (shared.processes == 0)
        say("nothing was recorded: the command never loaded the library (a set-uid program, or one "
            "that cleans its environment before it starts another)");
    if (recording.dropped() + file.refused() > 0)
        say(counted(recording.dropped() + file.refused(), "event was", "events were") +
            " dropped, because they came faster than they could be written");
    if (file.unknown_beginnings() > 0)
        say(counted(file.unknown_beginnings(), "connection was", "connections were") +
            " open before the recording began: their offsets are not known");
    if (shared.connections_lost > 0)
        say(counted(shared.connections_lost, "connection was", "connections were") +
            " not recorded: more were open at once than the table holds");
    if (shared.descriptors_lost > 0)
        say(counted(shared.descriptors_lost, "call was", "calls were") +
            " not recorded: on descriptors above 1048575");
    say_names(unseen.without_library(),
              "not recorded, because the library is not loaded there (statically linked, set-uid, "
              "or started with a cleaned environment)");
    say_names(unseen.with_io_uring(), "uses io_uring; what goes that way is not recorded");
    if (shared.uring > 0 && unseen.with_io_uring().empty())
        say("io_uring was set up; what goes that way is not recorded");
    if (unseen.running() > 0)
        say(counted(unseen.running(), "process", "processes") +
            " of the command still run, unrecorded from here on");
}

}  // namespace

int trace(const TraceOptions& options) {
    const std::string program = find_recordable_program(options.command.at(0));
    const std::string library = find_library();
    EventFile file(options.events);
    Recording recording(options.state);
    const char* others = std::getenv("LD_PRELOAD");
    ::setenv("LD_PRELOAD",
             (others != nullptr && *others != 0 ? library + ':' + others : library).c_str(), 1);
    ::setenv(SEAMARK_TRACE_VARIABLE, recording.name().c_str(), 1);

    const BlockedSignals signals;
    const pid_t child = start(program, options.command, signals.before());
    const auto sink = [&](const IoEvent& event, const seamark_addresses& addresses) {
        file.add(event, addresses);
    };
    Unseen unseen(::getpid());
    auto look_at = Clock::now() + look_period / 5;
    int status = 0;
    while (!ended(child, signals, status)) {
        recording.drain(sink);
        file.flush();
        if (Clock::now() < look_at) continue;
        unseen.look(recording.processes());
        look_at = Clock::now() + look_period;
    }
    unseen.look(recording.processes());
    recording.close();
    recording.drain(sink, true);
    file.end(recording.dropped());

    if (!options.quiet)
        say(counted(file.written(), "event", "events") + " (" +
            counted(file.writes(), "write", "writes") + ", " +
            counted(file.reads(), "read", "reads") + ") of " +
            counted(file.connections(), "connection", "connections") + " in " + options.events);
    if (!file.trouble().empty()) say(file.trouble());
    say_what_was_not_seen(recording, unseen, file);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace seamark::trace
