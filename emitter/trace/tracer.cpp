// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/tracer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "plan/escaped.hpp"
#include "trace/attach_failures.hpp"
#include "trace/command.hpp"
#include "trace/event_file.hpp"
#include "trace/kernel/kernel_support.hpp"
#include "trace/own_library.hpp"
#include "trace/program_file.hpp"
#include "trace/recording.hpp"
#include "trace/unseen.hpp"

namespace seamark::trace {
namespace {

using Clock = std::chrono::steady_clock;

/// Between looks at the processes: short where one has just begun, which may soon have ended.
constexpr std::array look_periods{std::chrono::milliseconds{30}, std::chrono::milliseconds{70},
                                  std::chrono::milliseconds{200}, std::chrono::milliseconds{500}};
constexpr int most_rounds = 64;  // of drain(): as many places as the ring has

/// Takes out what is there, as far as the file takes it, and of a program that records without end
/// no more than the ring holds. With a command that still runs, a signal ends it early.
void drain(Recording& recording, EventFile& file, const Command* running) {
    const auto sink = [&](const IoEvent& event, const seamark_addresses& addresses) {
        file.add(event, addresses);
    };
    for (int round = 0; round < most_rounds; ++round) {
        if (running && running->has_signal()) break;
        if (file.full() && !(!running && file.make_room())) break;
        if (!recording.drain(sink, !running)) break;
    }
    file.flush();
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

/// If it would, started as root.
void say_that_the_kernel_sees_more(const Recording& recording, const Unseen& unseen) {
    const bool any = !unseen.without_library().empty() || !unseen.without_recording().empty() ||
                     !unseen.silent_go().empty() || !unseen.silent().empty() ||
                     !unseen.with_io_uring().empty() || load(recording.shared().uring) > 0;
    kernel::System system = kernel::this_system();
    system.capabilities = ~std::uint64_t{0};
    if (any && kernel::problem_of(system).empty())
        say("the kernel recorder sees what is named above: sudo seamark trace --kernel -- COMMAND");
}

/// ", 3 application writes, 4 application reads"; nothing where there are none.
std::string calls_above_tls(const EventFile& file) {
    if (file.upper_writes() + file.upper_reads() == 0) return {};
    return ", " + counted(file.upper_writes(), "application write", "application writes") + ", " +
           counted(file.upper_reads(), "application read", "application reads");
}

void say_what_was_not_seen(const Recording& recording, const Unseen& unseen,
                           const AttachFailures& failures, const EventFile& file) {
    // Numbers of the memory that is shared: each is what some process says.
    const auto connections_lost = load(recording.shared().connections_lost);
    const auto descriptors_lost = load(recording.shared().descriptors_lost);
    if (load(recording.shared().processes) == 0)
        say("nothing was recorded: the command never loaded the library (a set-uid program, or one "
            "that cleans its environment before it starts another)");
    if (recording.dropped() + file.refused() > 0)
        say(counted(recording.dropped() + file.refused(), "event was", "events were") +
            " dropped, because they arrived faster than they could be written");
    if (recording.malformed() > 0)
        say(counted(recording.malformed(), "record was", "records were") +
            " left out, being no events: the command wrote to the memory of the recording, which "
            "the library alone is to write");
    if (recording.damaged())
        say("the counters of the recording were changed by the command: events may be missing");
    if (file.unknown_beginnings() > 0)
        say(counted(file.unknown_beginnings(), "connection was", "connections were") +
            " open before the recording began: their offsets are not known");
    if (connections_lost > 0)
        say(counted(connections_lost, "connection was", "connections were") +
            " not recorded: more were open at once than the table holds");
    if (descriptors_lost > 0)
        say(counted(descriptors_lost, "call was", "calls were") +
            " not recorded: on descriptors above 1048575");
    if (const auto calls = load(recording.shared().tls_unplaced); calls > 0)
        say(counted(calls, "call into OpenSSL is", "calls into OpenSSL are") +
            " not recorded: of a TLS session whose connection could not be told (its ClientHello "
            "was not seen on a socket in one piece)");
    const auto hellos = load(recording.shared().tls_hellos);
    const auto told = load(recording.shared().tls_told);
    if (const auto connections = hellos > told ? hellos - told : 0; connections > 0)
        say("TLS went over " + counted(connections, "connection", "connections") +
            " with no call into OpenSSL recorded: it is linked statically, another library does "
            "it, or the command passes it on");
    if (const auto connections = load(recording.shared().kernel_tls); connections > 0)
        say("the kernel does TLS on " + counted(connections, "connection", "connections") +
            ": calls count plaintext there, and are not joined with the capture");
    say_names(unseen.without_library(),
              "not recorded, because the library is not loaded there (statically linked, set-uid, "
              "or started with a cleaned environment). Keep LD_PRELOAD and " SEAMARK_TRACE_VARIABLE
              " in its environment, or record its peer instead");
    for (const auto& [process, failure] : failures.all())
        say(failure.title + ": not recorded, because " + failure.reason);
    for (const auto& [process, text] : unseen.without_recording())
        if (!failures.all().contains(process)) say(text);
    say_names(unseen.silent_go(),
              "a Go program, which makes its calls without the C library, linked dynamically or "
              "not: they are not recorded. Record its peer instead");
    say_names(unseen.silent(),
              "held TCP connections, and no call on them is recorded: made without the C library, "
              "if there was any. Record its peer instead");
    say_names(unseen.with_io_uring(), "uses io_uring; what goes that way is not recorded");
    if (load(recording.shared().uring) > 0 && unseen.with_io_uring().empty())
        say("io_uring was set up; what goes that way is not recorded");
    say_that_the_kernel_sees_more(recording, unseen);
    say_names(unseen.going_on(), "still run with TCP sockets, unrecorded from here on");
    say_names(unseen.daemons(),
              "made itself a daemon: it still runs, unrecorded from here on. Start it in the "
              "foreground");
}

/// Whatever stands there, even twice.
void put_in_environment(const char* name, const std::string& value) {
    ::unsetenv(name);
    ::setenv(name, value.c_str(), 1);
}

std::string library_list(const std::string& library) {
    const char* others = std::getenv("LD_PRELOAD");
    return others != nullptr && *others != 0 ? library + ':' + others : library;
}

}  // namespace

int trace(const TraceOptions& options) {
    const IgnoredSignals ignored;
    const std::string program = find_recordable_program(options.command.at(0));
    const std::string library = find_own_library();
    EventFile file(options.events, Recorder::kInterposed);
    Recording::SecretSink secrets;
    if (options.tls_keys) secrets = [&file](const std::string& line) { file.add_secret(line); };
    Recording recording(options.state, std::move(secrets));
    AttachFailures failures(recording.name());
    put_in_environment("LD_PRELOAD", library_list(library));
    put_in_environment(SEAMARK_TRACE_VARIABLE, recording.name());

    if (options.tls_keys && !options.quiet)
        say("--tls-keys: the secrets of each TLS session are written to " +
            plan::printable(options.events) +
            ": who has that file and a capture can read what was sent");
    const BlockedSignals signals;
    Command command(program, options.command, signals, ignored);
    Unseen unseen(::getpid(), recording.name());
    bool has_said_trouble = false;
    std::size_t looks = 0;  // since a program has begun
    std::uint32_t images = 0;
    auto earliest = Clock::now();
    auto look_at = earliest + look_periods[0];
    while (command.goes_on()) {
        drain(recording, file, &command);
        failures.take();
        if (std::exchange(images, recording.images()) != recording.images()) {
            looks = 0;
            look_at = std::max(earliest, std::min(look_at, Clock::now() + look_periods[0]));
        }
        if (!file.trouble().empty() && !std::exchange(has_said_trouble, true)) say(file.trouble());
        if (const auto now = Clock::now(); now >= look_at) {
            unseen.look();
            // However many processes there are, looking takes a tenth of the time at most.
            earliest = Clock::now() + 9 * (Clock::now() - now);
            look_at = std::max(earliest, Clock::now() + look_periods[looks]);
            looks = std::min(looks + 1, look_periods.size() - 1);
        }
        command.wait();
    }
    recording.close();
    drain(recording, file, nullptr);
    recording.drop_the_rest();
    failures.take();
    unseen.look_at_the_end(recording, file);
    file.end(recording.dropped());

    if (!options.quiet)
        say(counted(file.written(), "event", "events") + " (" +
            counted(file.writes(), "write", "writes") + ", " +
            counted(file.reads(), "read", "reads") + calls_above_tls(file) + ") of " +
            counted(file.connections(), "connection", "connections") + " in " +
            plan::printable(options.events));
    if (!file.trouble().empty() && !has_said_trouble) say(file.trouble());
    if (command.is_left()) say("the command was left to itself: it has not ended after SIGTERM");
    say_what_was_not_seen(recording, unseen, failures, file);
    return command.status();
}

}  // namespace seamark::trace
