// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/tshark.hpp"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "check/known_answer.hpp"
#include "core/base/display_text.hpp"

namespace seamark::check {
namespace {

/// What Seamark stands on, and is not to be switched off by a file that this program cannot keep
/// tshark from reading (the system's own, or that of a script that stands in for tshark).
constexpr const char* kProtocols[] = {"eth", "ip",   "ipv6",         "tcp",
                                      "tls", "http", "exported_pdu", "seamark"};

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
/// filter, and points at a place in it.
bool says_nothing(std::string_view line) {
    return line.empty() || line.front() == ' ' || line.starts_with("Running as user");
}

std::vector<std::vector<std::string>> cells_of(std::string_view output) {
    std::vector<std::vector<std::string>> rows;
    while (!output.empty()) {
        std::string_view line = take_line(output);
        std::vector<std::string>& row = rows.emplace_back();
        for (auto tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t')) {
            row.emplace_back(line.substr(0, tab));
            line.remove_prefix(tab + 1);
        }
        row.emplace_back(line);
    }
    return rows;
}

std::string install_hint(const std::string& program) {
    return " (Is the Seamark plugin there? " + program +
           " -G plugins lists it; ./run install puts it in place" +
           (::geteuid() == 0 ? ". Run by root, tshark loads plugins from the system's folder only)"
                             : ")");
}

}  // namespace

Ended Tshark::run(const std::string& capture, const std::vector<std::string>& more) const {
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
    try {
        return run_program(command, folder_->environment(), *end_);
    } catch (const std::system_error& error) {
        throw std::runtime_error(DisplayText::of(error.what()).string() +
                                 ". Install the package tshark, or name the program with --tshark");
    }
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
    const Ended plugin = run(folder_->empty_capture(), {"-Y", "seamark"});
    if (plugin.status != 0) return complaint_of(plugin) + install_hint(options_.program);
    std::string_view lines = plugin.errors;
    while (!lines.empty()) standing_.insert(without_digits(take_line(lines)));

    const Rows known = rows(folder_->known_capture(), "seamark", known_answer::fields());
    const std::string wrong = "tshark and the plugin do not work together as they should: ";
    if (!known.complaint.empty()) return wrong + known.complaint + install_hint(options_.program);
    if (known.rows == known_answer::rows()) return std::nullopt;
    for (std::size_t i = 0; i < known_answer::rows().size(); ++i) {
        const auto& expected = known_answer::rows()[i];
        if (i < known.rows.size() && known.rows[i] == expected) continue;
        std::string text = wrong + "of a capture that this program brought with it, frame " +
                           expected.front() + " is not dissected as is known of it";
        for (std::size_t k = 1; k < expected.size() && i < known.rows.size(); ++k)
            if (k < known.rows[i].size() && known.rows[i][k] != expected[k])
                text += "; " + known_answer::fields()[k] + " is \"" +
                        DisplayText::of(known.rows[i][k], 64).string() + "\", not \"" +
                        expected[k] + '"';
        return text +
               ". Are plugin and seamark of one version, and does nothing (-o, a script as "
               "--tshark, Wireshark's system-wide files) change what tshark does?";
    }
    return wrong + "more frames of a known capture match than should";
}

std::optional<std::string> Tshark::refusal(const std::string& filter) const {
    const Ended ended = run(folder_->empty_capture(), {"-Y", filter});
    const std::string complaint = complaint_of(ended);
    return complaint.empty() ? std::nullopt : std::optional(complaint);
}

Tshark::Rows Tshark::rows(const std::string& capture, const std::string& filter,
                          const std::vector<std::string>& fields) const {
    std::vector<std::string> more{"-2"};
    for (const char* protocol : kProtocols) {
        more.emplace_back("--enable-protocol");
        more.emplace_back(protocol);
    }
    if (!filter.empty()) {
        more.emplace_back("-Y");
        more.push_back(filter);
    }
    more.insert(more.end(), {"-T", "fields", "-E", "separator=/t"});
    for (const std::string& field : fields) {
        more.emplace_back("-e");
        more.push_back(field);
    }
    const Ended ended = run(capture, more);
    return {cells_of(ended.output), complaint_of(ended)};
}

}  // namespace seamark::check
