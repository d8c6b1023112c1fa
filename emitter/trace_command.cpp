// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace_command.hpp"

#include <memory>
#include <string>
#include <vector>

#include "record_option.hpp"
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

The command's input, output and exit status are its own. What could not be recorded is said at
the end, on standard error.
)";

}  // namespace

void add_trace_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<trace::TraceOptions>();
    const auto mode = std::make_shared<record::RecordMode>();
    Command command = app.add_subcommand(
        "trace", "Record the write and read calls of any dynamically linked program");
    command
        .add_option("-o,--events", options->events,
                    "File for the recorded calls, a pcapng (default seamark-events.pcapng)")
        .option_text("FILE");
    add_record_option(command, *mode);
    command.add_flag("--quiet", options->quiet, "Say at the end only what could not be seen");
    command.add_option("command", options->command, "The command to run, with its arguments")
        .option_text("-- COMMAND [ARGUMENT...]")
        .required();
    command.positionals_at_end();
    command.footer(examples);
    command.callback([options, mode, &run] {
        // They would come through the error queue of the socket, and poll() of the command would
        // report an error to it.
        if (mode->stamps)
            refuse("--record",
                   "stamps would change what the command sees of its sockets: only `seamark "
                   "serve` and `seamark get` record them. Take calls or state");
        options->state = mode->state;
        run = [options] { return trace::trace(*options); };
    });
}

}  // namespace seamark
