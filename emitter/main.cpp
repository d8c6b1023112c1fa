// SPDX-License-Identifier: GPL-2.0-or-later
//
// Options, then objects, then run: each subcommand reads its options in a file of its own and
// leaves behind what is to be run.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include "check_command.hpp"
#include "extcap_command.hpp"
#include "get_command.hpp"
#include "lab_command.hpp"
#include "plan/response_head.hpp"
#include "serve_command.hpp"
#include "trace_command.hpp"

namespace {

/// Newer releases of CLI11 flow the text behind the options together, as if it were one paragraph.
template <typename Formatter>
void keep_lines_of_footer(Formatter& formatter) {
    if constexpr (requires { formatter.enable_footer_formatting(false); })
        formatter.enable_footer_formatting(false);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Seamark shows where an HTTP stream was cut: writes, chunks, segments.\n"
        "This is its emitter; its Wireshark plugin shows what became of what is sent here."};
    app.name("seamark");
    keep_lines_of_footer(*app.get_formatter());  // the subcommands take it over
    app.set_version_flag("--version", std::string(seamark::plan::server_name()));
    app.require_subcommand(0, 1);  // one is needed, but what it should be is said below
    app.footer("`seamark serve --help` explains it with examples.");

    std::function<int()> run;
    seamark::add_serve_command(app, run);
    seamark::add_get_command(app, run);
    seamark::add_trace_command(app, run);
    seamark::add_lab_command(app, run);
    seamark::add_check_command(app, run);
    seamark::add_extcap_command(app, run);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        // CLI11 has a status for each kind of error: to those who call this program they are one.
        return app.exit(e) == 0 ? 0 : 2;
    }
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
