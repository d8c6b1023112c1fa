// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/wireshark_probe.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "check/tshark.hpp"
#include "doctor/search_path.hpp"
#include "doctor/shipped_profile.hpp"

extern char** environ;

namespace seamark::doctor {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> own_environment() {
    std::vector<std::string> variables;
    for (char** at = environ; *at != nullptr; ++at) variables.emplace_back(*at);
    return variables;
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// "4.0.17" of the first line that `tshark --version` prints: "TShark (Wireshark) 4.0.17 (…)".
std::string version_in(const std::string& output) {
    const auto name = output.find("Wireshark");
    if (name == std::string::npos) return {};  // another program under that name
    const auto from = output.find_first_of("0123456789", name);
    if (from == std::string::npos) return {};
    const auto to = output.find_first_not_of("0123456789.", from);
    std::string version = output.substr(from, to == std::string::npos ? to : to - from);
    while (version.ends_with('.')) version.pop_back();
    return version;
}

std::string series_of(const std::string& version) {
    const auto first = version.find('.');
    return first == std::string::npos ? version : version.substr(0, version.find('.', first + 1));
}

/// The value of a line "Name:<tab>value" of `tshark -G folders`.
std::string folder_in(const std::vector<std::string>& lines, std::string_view name) {
    for (const std::string& line : lines) {
        if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ':')
            continue;
        const auto from = line.find_first_not_of(": \t", name.size());
        return from == std::string::npos ? std::string() : line.substr(from);
    }
    return {};
}

/// Plugins in the folders of all series beside this one.
void add_files(const fs::path& folder_of_series, bool personal, std::vector<PluginFile>& files) {
    std::error_code error;
    for (const auto& series : fs::directory_iterator(folder_of_series.parent_path(), error)) {
        const fs::path file = series.path() / "epan" / "seamark.so";
        std::error_code ignored;
        if (!fs::exists(file, ignored)) continue;
        files.push_back({file.string(), series.path().filename().string(), personal});
    }
}

std::string read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

WiresharkFacts ask_wireshark(const std::string& program, const std::string& other_user,
                             const check::OrderlyEnd& end) {
    WiresharkFacts facts;
    const auto ask = [&](const std::vector<std::string>& words) {
        std::vector<std::string> command{program};
        command.insert(command.end(), words.begin(), words.end());
        return check::run_program(command, own_environment(), end);
    };
    try {
        const check::Ended version = ask({"--version"});
        facts.version = version_in(version.output);
        if (version.status != 0 || facts.version.empty()) {
            facts.refusal = program + " --version ended with status " +
                            std::to_string(version.status) + " and told no version";
            return facts;
        }
    } catch (const std::system_error& error) {
        facts.refusal = program + " cannot be run (" + error.code().message() + ')';
        return facts;
    }
    facts.path = program.find('/') != std::string::npos ? program : found_on_path(program);
    facts.series = series_of(facts.version);

    const auto folders = lines_of(ask({"-G", "folders"}).output);
    facts.personal_plugins = folder_in(folders, "Personal Plugins");
    facts.global_plugins = folder_in(folders, "Global Plugins");
    facts.personal_settings = folder_in(folders, "Personal configuration");
    facts.global_settings = folder_in(folders, "Global configuration");
    if (!facts.global_plugins.empty()) add_files(facts.global_plugins, false, facts.files);
    if (!facts.personal_plugins.empty() && facts.personal_plugins != facts.global_plugins)
        add_files(facts.personal_plugins, true, facts.files);
    if (const passwd* user = other_user.empty() ? nullptr : ::getpwnam(other_user.c_str()))
        add_files(fs::path(user->pw_dir) / ".local/lib/wireshark/plugins" / facts.series, true,
                  facts.files);

    const check::Ended plugins = ask({"-G", "plugins"});
    for (const std::string& line : lines_of(plugins.output)) {
        const auto cells = check::cells_of(line);
        if (cells.size() < 4 || !cells[0].starts_with("seamark.")) continue;
        std::string version = cells[1];
        while (version.ends_with(' ')) version.pop_back();
        facts.loaded.push_back({version, cells[3]});
    }
    for (const std::string& line : lines_of(plugins.errors))
        if (line.find("seamark") != std::string::npos) facts.complaints.push_back(line);

    // Interfaces of extcap programs alone are listed without any right.
    for (const std::string& line : lines_of(ask({"-D"}).output))
        facts.has_lab_interface =
            facts.has_lab_interface || line.find("Seamark lab") != std::string::npos;
    return facts;
}

ProfileFacts look_for_profile(const WiresharkFacts& wireshark) {
    ProfileFacts facts;
    for (const std::string& settings : {wireshark.personal_settings, wireshark.global_settings}) {
        const fs::path folder = fs::path(settings) / "profiles" / "Seamark";
        std::error_code error;
        if (settings.empty() || !fs::is_directory(folder, error)) continue;
        facts.folder = folder.string();
        for (const auto& [name, text] : kShippedProfile)
            if (read_whole(folder / name) != text) facts.changed.emplace_back(name);
        return facts;
    }
    return facts;
}

}  // namespace seamark::doctor
