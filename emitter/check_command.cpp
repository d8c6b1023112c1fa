// SPDX-License-Identifier: GPL-2.0-or-later
#include "check_command.hpp"

#include <cstdio>
#include <memory>
#include <string>

#include "check/run.hpp"
#include "check/shipped.hpp"

namespace seamark {
namespace {

constexpr const char* contract_help =
    R"(A contract has an assertion a line, made of Wireshark's display filters:

  # what our server promises
  some  http.response
  none  seamark.merged_writes
  every seamark.chunk => seamark.chunk.frames == 1
  count >= 20 seamark.chunk.size == 32
  [no chunk waits] max chunk.gap < 200 ms where tcp.port == 8080

About frames: some: a frame matches. none: no frame does. every: each frame that matches the first
filter, of which there is one, matches the second. count: so many frames match (==, !=, <, <=, >, >=).

About the rows of tshark -z seamark,chunks: [each|min|max|count|pN] FIELD OP NUMBER[unit]
[where FILTER], where pN is a percentile (p50, p99.9). Rows of which a frame matches FILTER count;
if there is none, nothing could be checked. The fields:

  chunk.size, chunk.frames, chunk.writes  bytes; frames that carry it; writes that carried it
  chunk.gap            from when the data chunk before could be read to when this one could
  chunk.first          from the end of the request to the response's first data chunk
  chunk.after_request  the same of each data chunk
  chunk.spread         from the first byte to the last
  chunk.delay          from its write call to its first byte (with recorded calls)
  held, held.over      how long a proxy held it; over how many later chunks
  segment.chunks       "chunks per segment": data chunks with bytes in a segment
  burst                share of a response's data chunks that came in its largest burst, in %

Times are in ns, us, ms, s or min (s without a unit), sizes in B, kB, KiB, MB or MiB.

Contracts that need no file (seamark check --show NAME prints one): streamed, flushed,
unbuffered-proxy.

Captures are read by tshark, once, and in two passes where frames are asked for, so that fields know
the whole capture. Your Wireshark profile has no part in it: all preferences have their defaults,
but those that -o sets.

Exit status: 0 all hold, 1 one does not, 2 something could not be checked.
)";

int show(const std::string& name) {
    const auto text = check::shipped_contract(name);
    if (!text) {
        std::fprintf(stderr, "seamark check: there is no contract of that name: there are %s\n",
                     check::shipped_names().c_str());
        return 2;
    }
    std::printf("%.*s", static_cast<int>(text->size()), text->data());
    return std::fflush(stdout) == 0 ? 0 : 2;
}

}  // namespace

void add_check_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<check::CheckOptions>();
    Command command = app.add_subcommand("check", "Hold captures against assertions, for CI");
    command
        .add_option(
            "--contract", options->contracts,
            "File with the assertions, or streamed, flushed, unbuffered-proxy; may be given "
            "several times")
        .option_text("FILE|NAME")
        .one_value_each();
    command.add_option("captures", options->captures, "What tshark can read, compressed too")
        .option_text("CAPTURE...");
    const auto shown = std::make_shared<std::string>();
    command.add_option("--show", *shown, "Print a contract that needs no file, and end")
        .option_text("NAME");
    command
        .add_option("--where", options->where,
                    "Of which frames rows are to be, in all assertions about rows")
        .option_text("FILTER");
    command.add_option("--junit", options->junit, "Write the results as JUnit's XML")
        .option_text("FILE");
    command.add_flag("--json", options->json, "Print a line of JSON a result instead of words");
    command.add_flag("--github", options->annotations,
                     "Print an annotation for GitHub Actions beside what does not hold");
    command
        .add_option("--tshark", options->tshark.program,
                    "The tshark to ask, with the Seamark plugin (default: the one on the PATH)")
        .option_text("PROGRAM");
    command
        .add_option("-o,--preference", options->tshark.preferences,
                    "A preference of Wireshark's, as in -o tls.keylog_file:keys.log; may be given "
                    "several times")
        .option_text("NAME:VALUE")
        .one_value_each();
    command
        .add_option("-d,--decode-as", options->tshark.decode_as,
                    "What tshark takes a port for, as in -d tcp.port==8443,tls; likewise")
        .option_text("RULE")
        .one_value_each();
    command.add_flag("--quiet", options->quiet, "Say only what does not hold");
    command.footer(contract_help);
    command.callback([options, shown, &run] {
        if (!shown->empty()) {
            run = [shown] { return show(*shown); };
            return;
        }
        if (options->contracts.empty()) refuse("--contract", "a file or a name is required");
        if (options->captures.empty()) refuse("captures", "a capture is required");
        run = [options] { return check::check(*options); };
    });
}

}  // namespace seamark
