// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace_command.hpp"

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "plan/number_text.hpp"
#include "record_option.hpp"
#include "trace/kernel/kernel_tracer.hpp"
#include "trace/kernel/network_of.hpp"
#include "trace/tracer.hpp"

namespace seamark {
namespace {

constexpr const char* examples = R"(Examples:
  seamark trace -- curl -s http://127.0.0.1:8080/
                                    what curl writes and reads, in seamark-events.pcapng
  seamark trace -o server.pcapng -- node server.js
                                    the same of a server, until it is stopped
  mergecap -w all.pcapng packets.pcapng server.pcapng
                                    beside the packets of a capture taken meanwhile
  sudo seamark trace --kernel --pid 4711
                                    a program that runs already, in whatever language
  sudo seamark trace --kernel --record state -- ./server
                                    a static program, a Go server; with the socket's state

The command's input, output and exit status are its own. What could not be recorded is said at
the end, on standard error.
)";

struct Options {
    trace::TraceOptions trace;
    trace::kernel::Selection selection;
    record::RecordMode mode;
    bool kernel = false;
};

/// Whose calls the kernel recorder records.
void add_selection(Command& command, Options& options) {
    auto& selection = options.selection;
    const std::string heading =
        "With --kernel, what is recorded (of each kind one has to fit, and all kinds)";
    const auto number = [](const char* name, const std::string& text, auto least, auto most) {
        const auto value = plan::read_number<decltype(most)>(text, least, most);
        if (!value) refuse(name, '"' + text + "\" is no number that this can be");
        return *value;
    };
    command
        .add_values(
            "--pid",
            [&selection, number](const std::string& text) {
                constexpr pid_t kMost = 1 << 22;
                selection.processes.push_back(number("--pid", text, pid_t{1}, kMost));
            },
            "A process that runs: its threads, and the children that it starts")
        .option_text("N...")
        .group(heading);
    command
        .add_values(
            "--port",
            [&selection, number](const std::string& text) {
                selection.ports.push_back(
                    number("--port", text, std::uint16_t{1}, std::uint16_t{65535}));
            },
            "Connections with this port at either end")
        .option_text("N...")
        .group(heading);
    command
        .add_values(
            "--comm",
            [&selection](const std::string& text) {
                if (text.find('/') != std::string::npos && ::access(text.c_str(), X_OK) == 0)
                    refuse("--comm", '"' + text +
                                         "\" is a program's file, not a thread's name. If it is to "
                                         "be run, write -- before it");
                if (text.empty() || text.size() > 15)
                    refuse("--comm", "a thread's name has 1 to 15 bytes (/proc/PID/comm)");
                selection.programs.push_back(text);
            },
            "Threads of this name, as in /proc/PID/comm")
        .option_text("NAME...")
        .group(heading);
    command
        .add_values(
            "--netns",
            [&selection](const std::string& text) {
                const auto network = trace::kernel::network_of(text);
                if (!network)
                    refuse("--netns", '"' + text +
                                          "\" is no network namespace: name a process, a file such "
                                          "as /run/netns/NAME, or the number in net:[NUMBER]");
                selection.networks.push_back(*network);
            },
            "Connections in this network namespace: a process in it, a file (/run/netns/NAME), or "
            "its number")
        .option_text("PID|FILE|NUMBER...")
        .group(heading);
}

int run_in_kernel(const Options& options) {
    trace::kernel::KernelTraceOptions all;
    all.events = options.trace.events;
    all.selection = options.selection;
    all.command = options.trace.command;
    all.quiet = options.trace.quiet;
    all.state = options.trace.state;
    return trace::kernel::trace(all);
}

}  // namespace

void add_trace_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<Options>();
    Command command = app.add_subcommand(
        "trace", "Record the write and read calls of any program: from inside, or in the kernel");
    command
        .add_option("-o,--events", options->trace.events,
                    "File for the recorded calls, a pcapng (default seamark-events.pcapng)")
        .option_text("FILE");
    add_record_option(command, options->mode);
    command.add_flag("--tls-keys", options->trace.tls_keys,
                     "Write the secrets of TLS sessions of dynamically linked OpenSSL into the "
                     "file, so that it and a capture open decrypted");
    command.add_flag("--quiet", options->trace.quiet, "Say at the end only what could not be seen");
    command.add_flag("--kernel", options->kernel,
                     "Record in the kernel (root): any program, also static ones, Go, io_uring, "
                     "and what runs already; with no command until Ctrl-C");
    add_selection(command, *options);
    command.add_option("command", options->trace.command, "The command to run, with its arguments")
        .option_text("-- COMMAND [ARGUMENT...]");
    command.positionals_at_end();
    command.footer(examples);
    command.callback([options, &run] {
        // They would come through the error queue of the socket, and poll() of the command would
        // report an error to it.
        if (options->mode.stamps)
            refuse("--record",
                   "stamps would change what the command sees of its sockets: only `seamark "
                   "serve` and `seamark get` record them. Take calls or state");
        options->trace.state = options->mode.state;
        if (options->kernel) {
            if (options->trace.tls_keys)
                refuse(
                    "--tls-keys",
                    "with --kernel there are none: the kernel sees what OpenSSL encrypted. Leave "
                    "--kernel out, and the secrets are taken from inside the program");
            run = [options] { return run_in_kernel(*options); };
            return;
        }
        const auto& selection = options->selection;
        if (!selection.processes.empty() || !selection.ports.empty() ||
            !selection.programs.empty() || !selection.networks.empty())
            refuse("--pid, --port, --comm and --netns",
                   "they select what is recorded with --kernel");
        if (options->trace.command.empty())
            refuse("command",
                   "what is to be recorded? `seamark trace -- COMMAND`, or, of what "
                   "runs already, `seamark trace --kernel --pid N` as root");
        run = [options] { return trace::trace(options->trace); };
    });
}

}  // namespace seamark
