// SPDX-License-Identifier: GPL-2.0-or-later
#include "extcap_command.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "lab/extcap.hpp"
#include "lab/lab.hpp"
#include "lab/output.hpp"
#include "plan/escaped.hpp"
#include "plan/response_head.hpp"

namespace seamark {
namespace {

struct Asked {
    bool interfaces = false;
    bool dlts = false;
    bool config = false;
    bool capture = false;
    std::string version;
    std::string interface;
    std::string fifo;
    std::string filter;
    std::map<std::string, std::string> values;
};

int print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    return 0;
}

/// Runs what the dialog's values make. Wireshark waits for the pipe, and shows what is on standard
/// error once that has ended.
int capture(const Asked& asked) {
    std::function<int()> run;
    try {
        if (!asked.filter.empty())
            throw std::runtime_error(
                "Seamark's interfaces take no capture filter. Leave it empty, and filter what is "
                "displayed");
        if (asked.interface == lab::loopback_interface) {
            auto what = lab::follow_from_dialog(asked.values);
            what.output = asked.fifo;
            run = [what] { return lab::follow(what); };
        } else {
            const lab::LabOptions what{.name = "Seamark lab",
                                       .settings = lab::settings_from_dialog(asked.values),
                                       .output = asked.fifo,
                                       .live = true,
                                       .quiet = true};
            run = [what] { return lab::run_lab(what); };
        }
    } catch (...) {
        try {
            const lab::CaptureOutput fifo(asked.fifo, true);
        } catch (const std::exception&) {  // what is wrong before that says more
        }
        throw;
    }
    const int status = run();
    // To be stopped is how a capture ends.
    return status == 128 + SIGINT || status == 128 + SIGTERM ? 0 : status;
}

int run_asked(const Asked& asked) {
    if (asked.interfaces) {
        std::string version(plan::server_name());
        return print(lab::extcap_interfaces(version.substr(version.find('/') + 1)));
    }
    if (!asked.interface.empty() && asked.interface != lab::lab_interface &&
        asked.interface != lab::loopback_interface)
        throw std::runtime_error("there is no interface " + plan::in_quotes(asked.interface) +
                                 " here");
    if (asked.dlts) return print(lab::extcap_dlts());
    if (asked.config)
        return print(lab::extcap_config(asked.interface == lab::loopback_interface
                                            ? lab::loopback_fields()
                                            : lab::dialog_fields()));
    if (!asked.capture || asked.fifo.empty())
        throw std::runtime_error(
            "this is for Wireshark, which calls it with --capture and --fifo; people call `seamark "
            "lab`");
    return capture(asked);
}

}  // namespace

void add_extcap_command(CommandLine& app, std::function<int()>& run) {
    const auto asked = std::make_shared<Asked>();
    Command command =
        app.add_subcommand("extcap", "The lab as an interface of Wireshark's, which calls this");
    command.add_flag("--extcap-interfaces", asked->interfaces, "List the interfaces");
    command.add_flag("--extcap-dlts", asked->dlts, "List the link types");
    command.add_flag("--extcap-config", asked->config, "List the fields of the dialog");
    command.add_flag("--capture", asked->capture, "Capture");
    command.add_option("--extcap-version", asked->version, "Wireshark's version");
    command.add_option("--extcap-interface", asked->interface, "The interface that is meant");
    command.add_option("--extcap-capture-filter", asked->filter, "Not supported");
    command.add_option("--fifo", asked->fifo, "Where the capture goes");
    auto fields = lab::dialog_fields();
    for (auto& field : lab::loopback_fields()) fields.push_back(std::move(field));
    for (const lab::Field& field : fields)
        command.add_option("--" + field.call, asked->values[field.call], field.tooltip)
            .group(field.group);
    command.callback([asked, &run] { run = [asked] { return run_asked(*asked); }; });
}

}  // namespace seamark
