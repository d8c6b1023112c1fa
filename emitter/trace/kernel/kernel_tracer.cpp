// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/kernel_tracer.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <utility>

#include "plan/escaped.hpp"
#include "trace/command.hpp"
#include "trace/event_file.hpp"
#include "trace/kernel/call_assembler.hpp"
#include "trace/kernel/kernel_support.hpp"
#include "trace/process_stat.hpp"
#include "trace/program_file.hpp"

namespace seamark::trace::kernel {
namespace {

constexpr timespec kPeriod{0, 5'000'000};
constexpr std::chrono::milliseconds kBetweenLooks{200};

void say(const std::string& line) {
    std::fprintf(stderr, "seamark trace: %s\n", line.c_str());
}

std::string counted(std::uint64_t count, const char* thing, const char* things) {
    return std::to_string(count) + ' ' + (count == 1 ? thing : things);
}

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// From the ring to the file.
class Pump {
  public:
    explicit Pump(const KernelTraceOptions& options)
        : file_(options.events, Recorder::kKernel),
          calls_([this](const IoEvent& event,
                        const seamark_addresses& ends) { file_.add(event, ends); },
                 now_ns()),
          recorder_(options.selection, options.state) {
        if (!has_kernels_process_numbers()) file_.keep_names();
    }

    void drain() {
        recorder_.drain(
            [this](const seamark_kernel_event& event, const seamark_kernel_state* state) {
                calls_.add(event, state, recorder_.hertz());
            });
        calls_.release(now_ns());
        file_.flush();
    }

    void end() {
        drain();
        calls_.finish();
        file_.make_room();
        file_.end(recorder_.dropped());
    }

    const EventFile& file() const { return file_; }
    const CallAssembler& calls() const { return calls_; }
    std::uint64_t dropped() const { return recorder_.dropped(); }

  private:
    EventFile file_;
    CallAssembler calls_;
    KernelRecorder recorder_;
};

void check(const KernelTraceOptions& options) {
    const Selection& selection = options.selection;
    const bool by_process = !selection.processes.empty() || !options.command.empty();
    if (by_process && !has_kernels_process_numbers())
        throw std::runtime_error(
            std::string(options.command.empty() ? "--pid" : "a command") +
            " cannot be found by the kernel recorder here, in a process namespace (a container), "
            "whose numbers are others than the kernel's: select by --comm, --port or --netns, or "
            "run it on the host");
    for (const pid_t process : selection.processes)
        if (!stat_of(process))
            throw std::runtime_error("there is no process " + std::to_string(process) +
                                     " (--pid): it has ended, or never was");
}

bool any_runs(const std::vector<pid_t>& processes) {
    return std::any_of(processes.begin(), processes.end(), [](pid_t process) {
        const auto stat = stat_of(process);
        return stat && !stat->ended;
    });
}

/// Records what runs, until a signal comes, or those that were named have ended.
void follow(const std::vector<pid_t>& processes, Pump& pump) {
    sigset_t ends;
    sigemptyset(&ends);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ends, number);
    auto look_at = std::chrono::steady_clock::now();
    while (::sigtimedwait(&ends, nullptr, &kPeriod) < 0) {
        pump.drain();
        const auto now = std::chrono::steady_clock::now();
        if (processes.empty() || now < look_at) continue;
        if (!any_runs(processes)) break;
        look_at = now + kBetweenLooks;
    }
}

void say_what_was_recorded(const KernelTraceOptions& options, const Pump& pump) {
    const EventFile& file = pump.file();
    const CallAssembler& calls = pump.calls();
    if (!options.quiet)
        say(counted(file.written(), "event", "events") + " (" +
            counted(file.writes(), "write", "writes") + ", " +
            counted(file.reads(), "read", "reads") + ") of " +
            counted(file.connections(), "connection", "connections") + " in " +
            plan::printable(options.events) + ", recorded in the kernel");
    if (!file.trouble().empty()) say(file.trouble());
    if (pump.dropped() + file.refused() > 0)
        say(counted(pump.dropped() + file.refused(), "event was", "events were") +
            " dropped, because they arrived faster than they could be written: name what is to be "
            "recorded (--pid, --port, --comm, --netns)");
    if (calls.ambiguous() > 0)
        say(counted(calls.ambiguous(), "call is", "calls are") +
            " not joined with packets: several threads used a socket at once, and which of their "
            "bytes came first is not certain");
    if (calls.unseen() > 0)
        say(counted(calls.unseen(), "byte was", "bytes were") +
            " moved by calls that the kernel does not show (splice from a socket), or that were "
            "not selected");
    if (calls.multipath() > 0)
        say(counted(calls.multipath(), "call", "calls") +
            " on sockets of Multipath TCP: not recorded, because their bytes go over several "
            "connections");
    if (calls.upper_layers() > 0)
        say(counted(calls.upper_layers(), "socket has", "sockets have") +
            " TLS in the kernel: the calls count its bytes, and are not joined with packets");
}

}  // namespace

int trace(const KernelTraceOptions& options) {
    if (const std::string problem = problem_of(this_system()); !problem.empty())
        throw std::runtime_error(problem);
    check(options);
    const IgnoredSignals ignored;
    const BlockedSignals signals;
    if (options.command.empty()) {
        Pump pump(options);
        if (!options.quiet) say("recording; Ctrl-C ends it");
        follow(options.selection.processes, pump);
        pump.end();
        say_what_was_recorded(options, pump);
        return 0;
    }
    const std::string program = find_program(options.command.front());
    KernelTraceOptions with_children = options;
    with_children.selection.children = true;
    Pump pump(with_children);
    Command command(program, options.command, signals, ignored);
    while (command.goes_on()) {
        pump.drain();
        command.wait();
    }
    pump.end();
    say_what_was_recorded(options, pump);
    if (command.is_left()) say("the command was left to itself: it has not ended after SIGTERM");
    return command.status();
}

}  // namespace seamark::trace::kernel
