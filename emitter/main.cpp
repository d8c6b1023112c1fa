// SPDX-License-Identifier: GPL-2.0-or-later
//
// Options, then objects, then run: each subcommand reads its options in a file of its own and
// leaves behind what is to be run.
#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include "check_command.hpp"
#include "command_line.hpp"
#include "doctor_command.hpp"
#include "extcap_command.hpp"
#include "get_command.hpp"
#include "import_command.hpp"
#include "lab_command.hpp"
#include "plan/response_head.hpp"
#include "serve_command.hpp"
#include "trace_command.hpp"

int main(int argc, char** argv) {
    seamark::CommandLine app(
        "seamark",
        "Seamark shows where an HTTP stream was cut: writes, chunks, segments.\n"
        "This is its emitter; its Wireshark plugin shows what became of what is sent here.",
        std::string(seamark::plan::server_name()));
    app.footer("`seamark serve --help` explains it with examples.");

    std::function<int()> run;
    seamark::add_serve_command(app, run);
    seamark::add_get_command(app, run);
    seamark::add_trace_command(app, run);
    seamark::add_import_command(app, run);
    seamark::add_lab_command(app, run);
    seamark::add_check_command(app, run);
    seamark::add_doctor_command(app, run);
    seamark::add_extcap_command(app, run);
    if (const auto status = app.parse(argc, argv)) return *status;
    if (!run) {
        std::fputs(
            "seamark: say what to do, as in `seamark serve`. `seamark --help` lists it all.\n",
            stderr);
        return 2;
    }

    try {
        return run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "seamark: %s\n", e.what());
        return 1;
    }
}
