// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace seamark {
namespace {

/// Newer releases of CLI11 flow the text after the options together, as if it were one paragraph.
template <typename Formatter>
void keep_lines_of_footer(Formatter& formatter) {
    if constexpr (requires { formatter.enable_footer_formatting(false); })
        formatter.enable_footer_formatting(false);
}

// CLI11 takes "[a,b]" for two values, wherever there may be several: the JSON among the arguments
// of a command, say. So such a value has a mark in front while CLI11 holds it.
constexpr char mark = '\x1f';

std::string marked(const std::string& argument) {
    const bool is_list = argument.size() > 1 && argument.front() == '[' && argument.back() == ']';
    return is_list ? mark + argument : argument;
}

std::string without_mark(std::string argument) {
    const bool has_one = argument.size() > 1 && argument[0] == mark && argument[1] == '[';
    return has_one ? argument.substr(1) : argument;
}

}  // namespace

Option& Option::option_text(const std::string& text) {
    option_->option_text(text);
    return *this;
}

Option& Option::group(const std::string& name) {
    option_->group(name);
    return *this;
}

Option& Option::value_may_lack() {
    option_->expected(0, 1);
    return *this;
}

Option& Option::required() {
    option_->required();
    return *this;
}

Option& Option::one_value_each() {
    option_->allow_extra_args(false);
    return *this;
}

Option& Option::needs(const std::string& name) {
    option_->needs(name);
    return *this;
}

Option Command::add_flag(const std::string& names, bool& to, const std::string& what) {
    return Option(*app_->add_flag(names, to, what));
}

Option Command::add_option(const std::string& names, std::string& to, const std::string& what) {
    return Option(*app_->add_option(names, to, what)->transform(without_mark));
}

Option Command::add_option(const std::string& names, std::vector<std::string>& to,
                           const std::string& what) {
    return Option(*app_->add_option(names, to, what)->transform(without_mark));
}

template <typename Number>
Option Command::add_number(const std::string& names, Number& to, int least, int most,
                           const std::string& what) {
    return Option(*app_->add_option(names, to, what)->check(CLI::Range(least, most)));
}

template Option Command::add_number(const std::string&, int&, int, int, const std::string&);
template Option Command::add_number(const std::string&, std::uint16_t&, int, int,
                                    const std::string&);
template Option Command::add_number(const std::string&, std::uint32_t&, int, int,
                                    const std::string&);
template Option Command::add_number(const std::string&, std::size_t&, int, int, const std::string&);

Option Command::add_option(const std::string& names,
                           const std::function<void(const std::string&)>& read,
                           const std::string& what) {
    return Option(
        *app_->add_option_function<std::string>(names, read, what)->transform(without_mark));
}

Option Command::add_values(const std::string& names,
                           const std::function<void(const std::string&)>& read,
                           const std::string& what) {
    const auto read_all = [read](const std::vector<std::string>& values) {
        for (const auto& value : values) read(value);
    };
    return Option(*app_->add_option_function<std::vector<std::string>>(names, read_all, what)
                       ->transform(without_mark));
}

void Command::footer(const std::string& text) {
    app_->footer(text);
}

void Command::positionals_at_end() {
    app_->positionals_at_end();
}

void Command::callback(std::function<void()> chosen) {
    app_->callback(std::move(chosen));
}

void refuse(const std::string& option, const std::string& why) {
    throw CLI::ValidationError(option, why);
}

CommandLine::CommandLine(const std::string& name, const std::string& about,
                         const std::string& version)
    : app_(std::make_unique<CLI::App>(about)) {
    app_->name(name);
    keep_lines_of_footer(*app_->get_formatter());  // the subcommands take it over
    app_->set_version_flag("--version", version);
    app_->require_subcommand(0, 1);  // without one, the caller says what it should be
}

CommandLine::~CommandLine() = default;

Command CommandLine::add_subcommand(const std::string& name, const std::string& about) {
    return Command(*app_->add_subcommand(name, about));
}

void CommandLine::footer(const std::string& text) {
    app_->footer(text);
}

std::optional<int> CommandLine::parse(int argc, char** argv) {
    std::vector<std::string> marks;
    marks.reserve(static_cast<std::size_t>(argc));
    for (int i = 0; i < argc; ++i) marks.push_back(marked(argv[i]));
    std::vector<const char*> arguments;
    arguments.reserve(marks.size());
    for (const auto& argument : marks) arguments.push_back(argument.c_str());
    try {
        app_->parse(argc, arguments.data());
    } catch (const CLI::ParseError& e) {
        // CLI11 has a status for each kind of error: to those who call this program they are one.
        return app_->exit(e) == 0 ? 0 : 2;
    }
    return std::nullopt;
}

}  // namespace seamark
