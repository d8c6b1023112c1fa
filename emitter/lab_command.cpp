// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab_command.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/tshark.hpp"
#include "file/input_file.hpp"
#include "lab/lab.hpp"
#include "lab/scenario.hpp"
#include "plan/escaped.hpp"
#include "trace/kernel/kernel_support.hpp"

namespace seamark {
namespace {

constexpr const char* examples = R"(Examples:
  seamark lab --list                the scenarios, one for each thing that cuts or merges
  seamark lab nagle                 run one, into nagle.pcapng
  seamark lab nagle --explain       what it sets, what to see, what to vary
  seamark lab nagle --page          and write its lanes to nagle.html
  seamark lab nagle --emit nodelay=1 -o nodelay.pcapng
                                    the same with one thing changed
  seamark lab --server 'python3 -m http.server -b $SEAMARK_ADDRESS $SEAMARK_PORT'
                                    a server of your own
  seamark lab my.txt                a scenario of your own; --explain of any shows the form

A scenario's lines server, client and proxy are shell commands, which run as you: run only your own
scenarios, and read others' with --explain, which runs nothing, before.
Needs no privileges where the system lets users make network namespaces.
)";

/// What the command line says, before a scenario is looked for.
struct Asked {
    std::string scenario;
    bool list = false;
    bool explain = false;
    bool page = false;
    check::TsharkOptions tshark;
    std::vector<std::pair<const lab::Setting*, std::string>> changes;
    /// What stood behind an option that needs no value, and is none of its values: a scenario.
    std::string behind_option;
    const lab::Setting* option_before = nullptr;
    lab::LabOptions options;
};

/// The longest scenario that the program has is of 2 KiB; a plan in one may be long.
constexpr std::size_t longest_scenario = 1 << 20;

std::string read_text(const std::string& path) {
    try {
        return file::read_input(path, longest_scenario);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error("the scenario " + plan::printable(path) + ' ' + error.what());
    }
}

bool is_file(const std::string& name) {
    std::error_code none;
    return std::filesystem::exists(name, none) && !std::filesystem::is_directory(name, none);
}

bool is_scenario(const std::string& name) {
    return lab::find_built_in(name) != nullptr || is_file(name);
}

[[noreturn]] void refuse_value(const lab::Setting& setting, const std::string& value) {
    refuse("--" + std::string(setting.name),
           plan::in_quotes(value) + " is not allowed; allowed: " + std::string(setting.allowed));
}

lab::Settings settings_of(const std::string& scenario) {
    if (scenario.empty()) return {};
    if (const lab::BuiltIn* built_in = lab::find_built_in(scenario))
        return lab::parse_scenario(built_in->text, std::string(built_in->name) + ".txt");
    if (is_file(scenario)) return lab::parse_scenario(read_text(scenario), scenario);
    throw std::runtime_error(plan::in_quotes(scenario) +
                             " is neither a scenario nor a file with one; `seamark lab --list` "
                             "lists the scenarios");
}

int list() {
    for (const auto& one : lab::built_in_scenarios())
        std::printf("%-18s %s\n", std::string(one.name).c_str(),
                    plan::printable(lab::parse_scenario(one.text, one.name).title).c_str());
    return 0;
}

/// A file's name for a command line to be copied: quoted where a shell would cut or change it.
std::string in_shell(const std::string& name) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+:@%=,-";
    if (name.find_first_not_of(plain) == std::string::npos && !name.starts_with('-')) return name;
    std::string quoted = name.starts_with('-') ? "'./" : "'";
    for (const char c : name) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return plan::printable(quoted + '\'');
}

/// The page that stands beside a capture.
std::string page_beside(const std::string& capture) {
    std::string page = std::filesystem::path(capture).replace_extension(".html").string();
    if (page == capture)
        throw std::runtime_error("the page would take the place of the capture, " +
                                 plan::printable(page) + "; choose another name with -o");
    if (page.find(',') != std::string::npos)
        throw std::runtime_error("tshark takes no comma in the name of a page, as " +
                                 plan::printable(page) + " has; choose another with -o");
    return page;
}

/// The exit status; says why it was not written.
int write_page(const check::TsharkOptions& options, const std::string& capture,
               const std::string& page) {
    std::string wrong;
    try {
        const check::OrderlyEnd end;
        const check::CleanFolder folder;
        check::Tshark tshark(options, folder, end);
        if (const auto reason = tshark.unfit())
            wrong = *reason;
        else
            wrong = tshark.gather(capture, "seamark,page=" + page);
    } catch (const check::Interrupted& interrupted) {
        return 128 + interrupted.signal;
    } catch (const std::exception& error) {
        wrong = error.what();
    }
    if (wrong.empty()) return 0;
    std::fprintf(stderr, "seamark lab: %s was not written: %s\n", plan::printable(page).c_str(),
                 wrong.c_str());
    return 1;
}

int run_asked(const Asked& asked) {
    if (asked.list) return list();
    lab::LabOptions options = asked.options;
    options.settings = settings_of(asked.scenario);
    if (!asked.scenario.empty())
        options.name = std::filesystem::path(asked.scenario).stem().string();
    for (const auto& [setting, value] : asked.changes) setting->read(value, options.settings);
    if (auto wrong = lab::check_together(options.settings)) throw std::runtime_error(*wrong);
    if (asked.explain) {
        std::fputs(lab::explain(options.name, options.settings).c_str(), stdout);
        return 0;
    }
    // Asked here, since in a namespace of its own a lab has rights that the kernel does not count.
    if (options.settings.kernel)
        if (auto wrong = trace::kernel::problem_of(trace::kernel::this_system()); !wrong.empty())
            throw std::runtime_error(wrong);
    if (options.output.empty()) options.output = options.name + ".pcapng";
    const std::string page = asked.page ? page_beside(options.output) : "";
    int status = lab::run_lab(options);
    if (status == 0 && asked.page) status = write_page(asked.tshark, options.output, page);
    if (!options.quiet && status == 0 && asked.page)
        std::fprintf(stderr, "%s: the lanes as a page, for any browser\n",
                     plan::printable(page).c_str());
    if (!options.quiet && status == 0)
        std::fprintf(
            stderr,
            "%slook at it:  wireshark -r %s\n             tshark -q -r %s -z seamark,lanes\n",
            options.settings.tls.empty()
                ? ""
                : "it has the secrets of its connections, and opens decrypted\n",
            in_shell(options.output).c_str(), in_shell(options.output).c_str());
    return status;
}

}  // namespace

void add_lab_command(CommandLine& app, std::function<int()>& run) {
    const auto asked = std::make_shared<Asked>();
    Command command = app.add_subcommand(
        "lab", "Run a server and a client in a network of their own, and capture and record it");
    command
        .add_option(
            "scenario", asked->scenario,
            "A scenario's name (--list), or a file with one: its commands are run, so only your "
            "own")
        .option_text("SCENARIO");
    command.add_flag("--list", asked->list, "List the scenarios");
    command.add_flag("--explain", asked->explain,
                     "Say what the scenario sets and shows; run nothing");
    command
        .add_option("-o,--output", asked->options.output,
                    "File for the capture (default SCENARIO.pcapng)")
        .option_text("FILE");
    command.add_flag("--page", asked->page,
                     "Write the lanes as a page for a browser, too, beside the capture: "
                     "SCENARIO.html (asks tshark with the Seamark plugin)");
    command
        .add_option("--tshark", asked->tshark.program,
                    "The tshark to ask for it (default: the one on the PATH)")
        .option_text("PROGRAM")
        .needs("--page");
    command.add_flag("--quiet", asked->options.quiet, "Say only what goes wrong");
    command.add_flag("--host-loopback", asked->options.host_loopback,
                     "Use this machine's own loopback, no namespace (needs the right to capture)");
    for (const lab::Setting& setting : lab::all_settings()) {
        const std::string name = "--" + std::string(setting.name);
        Option option = command.add_option(
            name,
            [asked, &setting](const std::string& text) {
                const bool alone = !setting.alone.empty() && Option::lacks_value(text);
                const std::string value(alone ? setting.alone : text);
                if (lab::Settings trial; setting.read(value, trial)) {
                    asked->changes.emplace_back(&setting, value);
                    return;
                }
                if (setting.alone.empty() || asked->option_before != nullptr)
                    refuse_value(setting, value);
                asked->behind_option = value;
                asked->option_before = &setting;
                asked->changes.emplace_back(&setting, std::string(setting.alone));
            },
            std::string(setting.meaning));
        option.option_text(std::string(setting.argument)).group(std::string(setting.group));
        if (!setting.alone.empty()) option.value_may_lack();
    }
    command.footer(examples);
    command.callback([asked, &run] {
        if (asked->option_before != nullptr) {
            if (!asked->scenario.empty()) refuse_value(*asked->option_before, asked->behind_option);
            if (!is_scenario(asked->behind_option))
                refuse("--" + std::string(asked->option_before->name),
                       plan::in_quotes(asked->behind_option) + " is none of its values (" +
                           std::string(asked->option_before->allowed) +
                           "), and no scenario (`seamark lab --list`) that could stand behind it");
            asked->scenario = asked->behind_option;
        }
        run = [asked] { return run_asked(*asked); };
    });
}

}  // namespace seamark
