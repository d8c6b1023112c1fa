// SPDX-License-Identifier: GPL-2.0-or-later
#include "import_command.hpp"

#include <memory>
#include <string>

#include "import/import_log.hpp"

namespace seamark {
namespace {

const std::string kExamples = std::string(R"(Examples:
  )") + import::kStraceLine + R"(
                                    how the log is made; -p PID in COMMAND's place for a program
                                    that runs already
  seamark import strace server.log -o server.pcapng
                                    its calls, as events
  mergecap -w all.pcapng packets.pcapng server.pcapng
                                    beside the packets of a capture taken meanwhile

Under strace a call takes ten times as long and more: segments may be cut otherwise than without
it. Times are those of strace, in microseconds.
)";

}  // namespace

void add_import_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<import::ImportOptions>();
    Command command =
        app.add_subcommand("import", "Make events of a log that another program wrote (strace)");
    command
        .add_option(
            "format",
            [](const std::string& format) {
                if (format != "strace")
                    refuse("FORMAT", "strace is the only kind of log that can be imported");
            },
            "Which program wrote the log: strace")
        .option_text("strace")
        .required();
    command.add_option("log", options->log, "The log; - is standard input")
        .option_text("LOG")
        .required();
    command
        .add_option("-o,--events", options->events,
                    "File for the events, a pcapng (default seamark-events.pcapng)")
        .option_text("FILE");
    command.add_flag("--quiet", options->quiet, "Say only what is missing");
    command.footer(kExamples);
    command.callback(
        [options, &run] { run = [options] { return import::import_strace(*options); }; });
}

}  // namespace seamark
