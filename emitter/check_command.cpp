// SPDX-License-Identifier: GPL-2.0-or-later
#include "check_command.hpp"

#include <memory>
#include <string>

#include "check/run.hpp"

namespace seamark {
namespace {

constexpr const char* contract_help =
    R"(A contract has an assertion a line, made of Wireshark's display filters:

  # what our server promises
  some  http.response
  none  seamark.merged_writes
  every seamark.chunk => seamark.chunk.frames == 1
  count >= 20 seamark.chunk.size == 32
  [no chunk waits] none seamark.chunk.spread > 0.05

some: a frame matches. none: no frame does. every: each frame that matches the first filter, of
which there is one, matches the second. count: so many frames match (==, !=, <, <=, >, >=).
Captures are read by tshark in two passes, so that fields know the whole capture. Your Wireshark
profile has no part in it: all preferences have their defaults, but those that -o sets.

Exit status: 0 all hold, 1 one does not, 2 something could not be checked.
)";

}  // namespace

void add_check_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<check::CheckOptions>();
    Command command = app.add_subcommand("check", "Hold captures against assertions, for CI");
    command.add_option("--contract", options->contract, "File with the assertions")
        .option_text("FILE")
        .required();
    command.add_option("captures", options->captures, "What tshark can read, compressed too")
        .option_text("CAPTURE...")
        .required();
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
    command.callback([options, &run] { run = [options] { return check::check(*options); }; });
}

}  // namespace seamark
