// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor_command.hpp"

#include <memory>

#include "doctor/doctor.hpp"

namespace seamark {
namespace {

constexpr const char* kExamples = R"(Examples:
  seamark doctor            one line for each thing that Seamark needs, and what mends it
  seamark doctor --json     the same for programs, one JSON object

Run it as the user who runs Wireshark. "wrong" means that Seamark does not work as it should, and the
exit status is 1; "limited" that something is not possible here that not everybody needs.
)";

}  // namespace

void add_doctor_command(CommandLine& app, std::function<int()>& run) {
    const auto options = std::make_shared<doctor::DoctorOptions>();
    Command command =
        app.add_subcommand("doctor", "Say whether everything is in place, and what mends it");
    command.add_flag("--json", options->json, "Print one JSON object instead of words");
    command
        .add_option("--tshark", options->tshark, "The tshark to ask (default: the one on the PATH)")
        .option_text("PROGRAM");
    command.footer(kExamples);
    command.callback([options, &run] { run = [options] { return doctor::examine(*options); }; });
}

}  // namespace seamark
