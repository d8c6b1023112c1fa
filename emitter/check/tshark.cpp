// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/tshark.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "check/known_answer.hpp"
#include "core/base/display_text.hpp"

namespace seamark::check {
namespace {

/// What Seamark stands on, and is not to be switched off by a file that this program cannot keep
/// tshark from reading (the system's own, or that of a script that stands in for tshark).
constexpr const char* kProtocols[] = {"eth", "ip",   "ipv6",         "tcp",
                                      "tls", "http", "exported_pdu", "seamark"};

/// What Wireshark 4.0 calls a dissector that gave up, as contracts and Unread do, and what 4.4 does.
constexpr std::string_view kBugField = "_ws.malformed.dissector_bug";
constexpr std::string_view kLaterBugField = "_ws.dissector_bug";

/// Takes the first line off the front.
std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// Two messages that differ in a time or a process number are one.
std::string without_digits(std::string_view line) {
    std::string text(line);
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

/// Lines that say nothing of a capture: root is warned of itself; an indented line repeats a
/// filter, and points at a place in it. The chunk table says of a stream ("stream 3 response …")
/// where a message ended early, as the fields do that Unread looks at, and which bytes are no
/// HTTP/1.
bool says_nothing(std::string_view line) {
    return line.empty() || line.front() == ' ' || line.starts_with("Running as user") ||
           (line.starts_with("stream ") && (line.find(" request") != std::string_view::npos ||
                                            line.find(" response") != std::string_view::npos)) ||
           (line.starts_with("and ") && line.ends_with(" more such parts of streams"));
}

void enable_protocols(std::vector<std::string>& arguments) {
    for (const char* protocol : kProtocols) {
        arguments.emplace_back("--enable-protocol");
        arguments.emplace_back(protocol);
    }
}

/// Booleans as Wireshark 4.0 prints them: 4.4 says True and False.
std::string as_numbers(std::string cell) {
    for (const auto& [word, number] : {std::pair("True", "1"), std::pair("False", "0")})
        for (auto at = cell.find(word); at != std::string::npos; at = cell.find(word, at))
            cell.replace(at, std::string_view(word).size(), number);
    return cell;
}

/// Runs it, and says what to do where it is not there.
template <typename Start>
Ended started(Start start) {
    try {
        return start();
    } catch (const std::system_error& error) {
        throw std::runtime_error(DisplayText::of(error.what()).string() +
                                 ". Install the package tshark, or name the program with --tshark");
    }
}

std::string install_hint(const std::string& program) {
    return " (Is the Seamark plugin there? " + program +
           " -G plugins lists it; ./run install puts it in place" +
           (::geteuid() == 0 ? ". Run by root, tshark loads plugins from the system's folder only)"
                             : ")");
}

}  // namespace

std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    for (auto tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
        cells.emplace_back(line.substr(0, tab));
        line.remove_prefix(tab + 1);
    }
    cells.emplace_back(line);
    return cells;
}

std::vector<std::string> Tshark::command(const std::string& capture,
                                         const std::vector<std::string>& more) const {
    std::vector<std::string> command{options_.program, "-n", "-r", capture};
    for (const std::string& preference : options_.preferences) {
        command.emplace_back("-o");
        command.push_back(preference);
    }
    for (const std::string& rule : options_.decode_as) {
        command.emplace_back("-d");
        command.push_back(rule);
    }
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

Ended Tshark::run(const std::string& capture, const std::vector<std::string>& more) const {
    return started(
        [&] { return run_program(command(capture, more), folder_->environment(), *end_); });
}

std::string Tshark::words_of(std::string_view errors) const {
    std::string text;
    while (!errors.empty()) {
        std::string_view line = take_line(errors);
        if (says_nothing(line) || standing_.contains(without_digits(line))) continue;
        if (line.starts_with("tshark: ")) line.remove_prefix(8);
        if (!text.empty()) text += ' ';
        text += DisplayText::of(line).string();
    }
    return text;
}

std::string Tshark::complaint_of(const Ended& ended) const {
    std::string text = words_of(ended.errors);
    if (text.empty() && ended.status != 0)
        text = options_.program + " ended with status " + std::to_string(ended.status);
    return text;
}

std::optional<std::string> Tshark::unfit() {
    Ended plugin = run(folder_->empty_capture(), {"-Y", "seamark || " + std::string(kBugField)});
    if (plugin.status != 0) {
        later_names_ = true;
        plugin = run(folder_->empty_capture(), {"-Y", "seamark || " + std::string(kLaterBugField)});
    }
    if (plugin.status != 0) return complaint_of(plugin) + install_hint(options_.program);
    std::string_view lines = plugin.errors;
    while (!lines.empty()) standing_.insert(without_digits(take_line(lines)));

    std::vector<std::vector<std::string>> rows;
    const std::string complaint =
        ask(folder_->known_capture(), {"seamark", known_answer::fields(), {}, true},
            [&](std::string_view line) {
                rows.push_back(cells_of(line));
                for (std::string& cell : rows.back()) cell = as_numbers(std::move(cell));
            });
    const std::string wrong = "tshark and the plugin do not work together as they should: ";
    if (!complaint.empty()) return wrong + complaint + install_hint(options_.program);
    if (rows == known_answer::rows()) return std::nullopt;
    for (std::size_t i = 0; i < known_answer::rows().size(); ++i) {
        const auto& expected = known_answer::rows()[i];
        if (i < rows.size() && rows[i] == expected) continue;
        std::string text = wrong + "of a capture that this program contains, frame " +
                           expected.front() + " is not dissected as is known of it";
        for (std::size_t k = 1; k < expected.size() && i < rows.size(); ++k)
            if (k < rows[i].size() && rows[i][k] != expected[k])
                text += "; " + known_answer::fields()[k] + " is \"" +
                        DisplayText::of(rows[i][k], 64).string() + "\", not \"" + expected[k] + '"';
        return text +
               ". Are plugin and seamark of one version, and does nothing (-o, a script as "
               "--tshark, Wireshark's system-wide files) change what tshark does?";
    }
    return wrong + "more frames of a known capture match than should";
}

std::string Tshark::in_its_names(std::string text) const {
    for (auto at = text.find(kBugField); later_names_ && at != std::string::npos;
         at = text.find(kBugField, at))
        text.replace(at, kBugField.size(), kLaterBugField);
    return text;
}

std::optional<std::string> Tshark::refusal(const std::string& filter) const {
    const Ended ended = run(folder_->empty_capture(), {"-Y", in_its_names(filter)});
    const std::string complaint = complaint_of(ended);
    return complaint.empty() ? std::nullopt : std::optional(complaint);
}

std::string Tshark::ask(const std::string& capture, const Question& question,
                        const std::function<void(std::string_view)>& take) const {
    std::vector<std::string> more;
    if (question.two_passes) more.emplace_back("-2");
    enable_protocols(more);
    if (!question.filter.empty()) {
        more.emplace_back("-Y");
        more.push_back(in_its_names(question.filter));
    }
    for (const std::string& statistic : question.statistics) {
        more.emplace_back("-z");
        more.push_back(statistic);
    }
    more.insert(more.end(), {"-T", "fields", "-E", "separator=/t"});
    for (const std::string& field : question.fields) {
        more.emplace_back("-e");
        more.push_back(in_its_names(field));
    }
    return complaint_of(started(
        [&] { return run_program(command(capture, more), folder_->environment(), *end_, take); }));
}

std::string Tshark::gather(const std::string& capture, const std::string& statistic) const {
    std::vector<std::string> more{"-q", "-z", statistic};
    enable_protocols(more);
    return complaint_of(run(capture, more));
}

}  // namespace seamark::check
