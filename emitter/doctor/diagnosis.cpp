// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/diagnosis.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace seamark::doctor {
namespace {

Finding ok(const char* check, std::string text) {
    return {check, State::kOk, std::move(text), {}};
}
Finding limited(const char* check, std::string text, std::string remedy) {
    return {check, State::kLimited, std::move(text), std::move(remedy)};
}
Finding wrong(const char* check, std::string text, std::string remedy) {
    return {check, State::kWrong, std::move(text), std::move(remedy)};
}

/// The command that puts Seamark in place, for who runs this program.
std::string install_command(const SystemFacts& system) {
    if (system.packaged)
        return system.root ? "apt-get install --reinstall wireshark-plugin-seamark"
                           : "sudo apt-get install --reinstall wireshark-plugin-seamark";
    return "./run install in Seamark's source tree";
}

std::vector<const PluginFile*> files_of_series(const WiresharkFacts& wireshark) {
    std::vector<const PluginFile*> files;
    for (const PluginFile& file : wireshark.files)
        if (file.series == wireshark.series) files.push_back(&file);
    return files;
}

Finding find_wireshark(const Facts& facts) {
    const WiresharkFacts& wireshark = facts.wireshark;
    if (!wireshark.refusal.empty())
        return wrong("wireshark", wireshark.refusal,
                     facts.system.root ? "apt-get install tshark" : "sudo apt-get install tshark");
    return ok("wireshark", "Wireshark " + wireshark.version + " (" + wireshark.path + ")");
}

/// Is there a plugin that this Wireshark loads?
Finding find_plugin(const Facts& facts) {
    const WiresharkFacts& wireshark = facts.wireshark;
    if (!wireshark.refusal.empty())
        return wrong("plugin", "there is no Wireshark to load it", "install Wireshark first");
    if (!wireshark.loaded.empty()) return ok("plugin", "loaded: " + wireshark.loaded.front().path);
    const auto files = files_of_series(wireshark);
    if (files.empty())
        return wrong("plugin",
                     "there is no seamark.so for Wireshark " + wireshark.series + " in " +
                         wireshark.personal_plugins + "/epan or " + wireshark.global_plugins +
                         "/epan",
                     install_command(facts.system));
    std::string text = files.front()->path + " is there, and is not loaded";
    if (facts.system.root && files.front()->personal) {
        text += ", because Wireshark run by root ignores personal plugins";
        return wrong("plugin", text,
                     "run Wireshark as a user, or ./run install --system in Seamark's source tree");
    }
    if (!wireshark.complaints.empty()) text += ": " + wireshark.complaints.front();
    return wrong("plugin", text, install_command(facts.system));
}

/// For which Wireshark were plugins built, and is that this one?
Finding find_series(const Facts& facts) {
    const WiresharkFacts& wireshark = facts.wireshark;
    if (!wireshark.refusal.empty())
        return limited("series", "not known without Wireshark", "install Wireshark first");
    for (const std::string& complaint : wireshark.complaints)
        if (complaint.find("compiled for") != std::string::npos)
            return wrong("series", complaint, install_command(facts.system));
    std::string others;
    for (const PluginFile& file : wireshark.files)
        if (file.series != wireshark.series)
            others +=
                (others.empty() ? "" : ", ") + file.path + " (for Wireshark " + file.series + ")";
    if (!others.empty() && wireshark.loaded.empty())
        return wrong("series",
                     others + ", but this is Wireshark " + wireshark.series +
                         ", which loads none that was built for another series",
                     install_command(facts.system));
    if (wireshark.loaded.empty()) return limited("series", "there is no plugin to ask", "");
    const LoadedPlugin& plugin = wireshark.loaded.front();
    if (plugin.version != facts.version)
        return wrong(
            "series",
            "the plugin is of version " + plugin.version + ", this program of " + facts.version,
            install_command(facts.system));
    return ok("series", "plugin " + plugin.version + ", built for Wireshark " + wireshark.series);
}

/// Wireshark takes one of several, and warns at each start.
Finding find_copies(const Facts& facts) {
    const auto files = files_of_series(facts.wireshark);
    if (files.size() < 2)
        return ok("copies", files.empty() ? "none" : "one plugin file for this Wireshark");
    std::string text = "found " + std::to_string(files.size()) + " times:";
    for (const PluginFile* file : files) text += ' ' + file->path;
    const auto personal = std::find_if(files.begin(), files.end(),
                                       [](const PluginFile* file) { return file->personal; });
    const PluginFile* extra = personal != files.end() ? *personal : files.back();
    return wrong("copies", text, "rm " + extra->path);
}

Finding find_root(const Facts& facts) {
    if (!facts.system.root) return ok("root", "run by a user: personal and system plugins count");
    const auto& files = facts.wireshark.files;
    const auto hidden = std::find_if(files.begin(), files.end(),
                                     [](const PluginFile& file) { return file.personal; });
    if (hidden != files.end() && facts.wireshark.loaded.empty())
        return wrong("root", "run by root, Wireshark ignores personal plugins, as " + hidden->path,
                     "run Wireshark as a user, or ./run install --system in Seamark's source tree");
    return ok("root", "run by root: only the system's plugins count");
}

Finding find_capture(const Facts& facts) {
    const SystemFacts& system = facts.system;
    if (system.dumpcap.empty())
        return limited("capture", "there is no dumpcap, with which Wireshark captures",
                       "sudo apt-get install wireshark-common");
    if (system.may_capture || (system.dumpcap_may_run && system.dumpcap_has_rights))
        return ok("capture", system.dumpcap + " may capture");
    if (!system.dumpcap_may_run)
        return limited("capture",
                       "this user may not run " + system.dumpcap +
                           (system.wireshark_group_later
                                ? " in this session, but is in the group wireshark from the next on"
                                : ": it is for the group wireshark"),
                       system.wireshark_group_later ? "log out and in again"
                                                    : "sudo usermod -aG wireshark \"$USER\"");
    if (system.root)
        return limited("capture", "this root has no CAP_NET_RAW (a container?)",
                       "start the container with --cap-add NET_RAW");
    return limited("capture", system.dumpcap + " has no right to capture",
                   "sudo dpkg-reconfigure wireshark-common (answer Yes), then sudo usermod -aG "
                   "wireshark \"$USER\"");
}

Finding find_namespaces(const Facts& facts) {
    const SystemFacts& system = facts.system;
    if (system.namespace_refusal.empty())
        return ok("namespaces", "seamark lab can make a network of its own");
    return limited(
        "namespaces", "seamark lab can make no network of its own: " + system.namespace_refusal,
        system.namespace_remedy.empty() ? "run seamark lab as root" : system.namespace_remedy);
}

Finding find_kernel(const Facts& facts) {
    if (facts.system.kernel_refusal.empty())
        return ok("kernel", "seamark trace --kernel can record in this kernel");
    return limited("kernel", facts.system.kernel_refusal, "");  // it says what works instead
}

Finding find_extcap(const Facts& facts) {
    if (facts.wireshark.has_lab_interface)
        return ok("extcap", "\"Seamark lab\" is in Wireshark's list of interfaces");
    return limited("extcap", "\"Seamark lab\" is not in Wireshark's list of interfaces",
                   install_command(facts.system));
}

Finding find_profile(const Facts& facts) {
    if (facts.profile.folder.empty())
        return limited("profile", "Wireshark has no profile \"Seamark\"",
                       install_command(facts.system));
    if (facts.profile.changed.empty()) return ok("profile", facts.profile.folder);
    std::string text = facts.profile.folder + " is not as this version ships it:";
    for (const std::string& file : facts.profile.changed) text += ' ' + file;
    return limited(
        "profile", text,
        "remove the profile if the change is not yours, then " + install_command(facts.system));
}

Finding find_library(const Facts& facts) {
    if (facts.system.library_refusal.empty()) return ok("trace", "seamark trace has its library");
    return wrong("trace", facts.system.library_refusal, install_command(facts.system));
}

Finding find_browser(const Facts& facts) {
    if (!facts.system.browser.empty()) return ok("browser", facts.system.browser);
    return limited("browser", "there is none to open a page with",
                   "open the page's file in a browser on another machine");
}

}  // namespace

std::vector<Finding> diagnose(const Facts& facts) {
    return {find_wireshark(facts),  find_plugin(facts),  find_series(facts),
            find_copies(facts),     find_root(facts),    find_extcap(facts),
            find_profile(facts),    find_library(facts), find_capture(facts),
            find_namespaces(facts), find_kernel(facts),  find_browser(facts)};
}

}  // namespace seamark::doctor
