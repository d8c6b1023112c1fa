// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/scenario.hpp"

#include <algorithm>
#include <set>

#include "plan/escaped.hpp"

namespace seamark::lab {
namespace {

constexpr std::string_view blanks = " \t\r";

std::size_t skip_blanks(std::string_view line, std::size_t at) {
    return std::min(line.find_first_not_of(blanks, at), line.size());
}

class Parser {
  public:
    Parser(std::string_view text, std::string_view file) : text_(text), file_(file) {}

    Settings parse() {
        while (!text_.empty()) {
            const auto end = std::min(text_.find('\n'), text_.size());
            ++line_;
            read_line(text_.substr(0, end));
            text_.remove_prefix(std::min(end + 1, text_.size()));
        }
        ++line_;
        if (settings_.title.empty()) fail(0, "a line \"title: …\" is missing");
        if (auto wrong = check_together(settings_)) fail(0, *wrong);
        return std::move(settings_);
    }

  private:
    [[noreturn]] void fail(std::size_t column, const std::string& what) const {
        throw ScenarioError(plan::printable(file_) + ':' + std::to_string(line_) + ':' +
                            std::to_string(column + 1) + ": " + what);
    }

    void read_line(std::string_view line) {
        const auto begin = skip_blanks(line, 0);
        if (begin == line.size() || line[begin] == '#') return;
        const auto colon = line.find(':', begin);
        if (colon == std::string_view::npos)
            fail(begin, "no \":\"; a line is \"key: value\", such as \"delay: 20ms\"");
        const auto key = line.substr(begin, colon - begin);
        const auto at = skip_blanks(line, colon + 1);
        const auto last = line.find_last_not_of(blanks);
        const auto value = at < line.size() ? line.substr(at, last + 1 - at) : std::string_view();
        if (value.empty()) fail(colon + 1, plan::in_quotes(key) + " has no value");
        if (read_words(key, value)) return;
        if (!seen_.emplace(key).second)
            fail(begin, plan::in_quotes(key) + " is there twice; each key is there once");
        if (key == "title") {
            settings_.title = value;
            return;
        }
        const Setting* const setting = find_setting(key);
        if (!setting) fail(begin, "unknown key " + plan::in_quotes(key) + "; known are " + keys());
        if (!setting->read(value, settings_))
            fail(at, plan::in_quotes(value) + " is no value of \"" + std::string(key) +
                         "\"; allowed: " + std::string(setting->allowed));
    }

    /// The keys that may recur.
    bool read_words(std::string_view key, std::string_view value) {
        if (key == "see") {
            settings_.see.emplace_back(value);
        } else if (key == "vary") {
            settings_.vary.emplace_back(value);
        } else if (key == "plan") {
            (settings_.plan += value) += '\n';
        } else if (key == "proxy-config") {
            (settings_.proxy_config += value) += '\n';
        } else {
            return false;
        }
        return true;
    }

    static std::string keys() {
        std::string all = "title, see, vary, plan, proxy-config";
        for (const Setting& setting : all_settings()) all += ", " + std::string(setting.name);
        return all;
    }

    std::string_view text_;
    std::string_view file_;
    std::size_t line_ = 0;
    Settings settings_;
    std::set<std::string, std::less<>> seen_;
};

/// Lines that each have their end, under a heading; nothing where there are none.
void add_lines(std::string& text, std::string_view heading, std::string_view lines) {
    if (!lines.empty()) (text += '\n').append(heading) += ":\n";
    for (; !lines.empty(); lines.remove_prefix(lines.find('\n') + 1))
        (text += "  ").append(lines.substr(0, lines.find('\n'))) += '\n';
}

}  // namespace

Settings parse_scenario(std::string_view text, std::string_view file) {
    return Parser(text, file).parse();
}

std::string explain(std::string_view name, const Settings& settings) {
    const Settings standard;
    std::string text = std::string(name) + ": " + settings.title + "\n\nSettings (seamark lab " +
                       std::string(name) + " --NAME VALUE changes them):\n";
    for (const Setting& setting : all_settings()) {
        const std::string value = setting.write(settings);
        // What is recorded may change what is seen, so it is said even where it is as ever.
        const bool is_standard = value == setting.write(standard) && setting.name != "record";
        if (value.empty() || is_standard) continue;
        text += "  " + std::string(setting.name) + ": " + value + "\n      " +
                std::string(setting.meaning) + '\n';
    }
    add_lines(text, "The server's plan", settings.plan);
    add_lines(text, "The proxy's configuration", settings.proxy_config);
    if (!settings.see.empty()) text += "\nWhat one should see:\n";
    for (const auto& line : settings.see) text += "  - " + line + '\n';
    if (!settings.vary.empty()) text += "\nWhat to vary:\n";
    for (const auto& line : settings.vary) text += "  - " + line + '\n';
    return plan::printable(text, true);
}

const BuiltIn* find_built_in(std::string_view name) {
    const auto all = built_in_scenarios();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const BuiltIn& one) { return one.name == name; });
    return it == all.end() ? nullptr : &*it;
}

}  // namespace seamark::lab
