// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// The command line as the commands see it. CLI11 reads it; its header takes a compiler 12 s, so
/// command_line.cpp alone includes it.
namespace seamark {

/// An option, a flag or an argument of a command, which owns it. Each call returns the option.
class Option {
  public:
    explicit Option(CLI::Option& option) : option_(&option) {}

    /// What stands for its value in the help.
    Option& option_text(const std::string& text);
    /// Heading that it stands under in the help; empty: it is left out there.
    Option& group(const std::string& name);
    /// It may be given without a value; lacks_value() then holds for what is read.
    Option& value_may_lack();
    static bool lacks_value(const std::string& text) { return text.empty() || text == "true"; }
    Option& required();
    /// Of several values each comes after the option's name anew.
    Option& one_value_each();
    /// Refused where the option of this name is not given.
    Option& needs(const std::string& name);

  private:
    CLI::Option* option_;
};

/// A subcommand, which the command line owns. `names` are those of CLI11: "-o,--output" of an
/// option, "url" of an argument that is known by its place. Where a value is stored must outlive
/// the parsing.
class Command {
  public:
    explicit Command(CLI::App& app) : app_(&app) {}

    Option add_flag(const std::string& names, bool& to, const std::string& what);
    Option add_option(const std::string& names, std::string& to, const std::string& what);
    Option add_option(const std::string& names, std::vector<std::string>& to,
                      const std::string& what);
    /// A number from `least` to `most`. For int, std::uint16_t, std::uint32_t and std::size_t.
    template <typename Number>
    Option add_number(const std::string& names, Number& to, int least, int most,
                      const std::string& what);
    /// `read` is given each value, and calls refuse() where it is none.
    Option add_option(const std::string& names, const std::function<void(const std::string&)>& read,
                      const std::string& what);

    /// The same of several values: after one name, or each after the name anew.
    Option add_values(const std::string& names, const std::function<void(const std::string&)>& read,
                      const std::string& what);

    /// Text after the options in the help, printed as it is.
    void footer(const std::string& text);
    /// What follows the first argument belongs to that, even where it looks like an option.
    void positionals_at_end();
    /// Called once the command is chosen and all its options are read. May call refuse().
    void callback(std::function<void()> chosen);

  private:
    CLI::App* app_;
};

/// Ends the parsing: the value of this option is refused, and why.
[[noreturn]] void refuse(const std::string& option, const std::string& why);

/// The program with its subcommands.
class CommandLine {
  public:
    CommandLine(const std::string& name, const std::string& about, const std::string& version);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    Command add_subcommand(const std::string& name, const std::string& about);
    void footer(const std::string& text);

    /// Reads the arguments and calls back the command that was chosen, if one was. The exit status
    /// where there is nothing to run: 0 after help or the version was printed, 2 where an argument
    /// is wrong, which a message on standard error names. Else empty.
    std::optional<int> parse(int argc, char** argv);

  private:
    std::unique_ptr<CLI::App> app_;
};

}  // namespace seamark
