// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace seamark::doctor {

/// A plugin file where some Wireshark would look for it, whether or not this one does.
struct PluginFile {
    std::string path;
    std::string series;     ///< of Wireshark, as its folder says: "4.0"
    bool personal = false;  ///< in a user's folder, not in the system's
};

/// A plugin that tshark lists.
struct LoadedPlugin {
    std::string version;
    std::string path;
};

/// What tshark says of itself.
struct WiresharkFacts {
    std::string refusal;                             ///< why it could not be asked; empty: it was
    std::string path;                                ///< of tshark
    std::string version;                             ///< "4.0.17"
    std::string series;                              ///< "4.0"
    std::string personal_plugins, global_plugins;    ///< folders, of this series
    std::string personal_settings, global_settings;  ///< folders
    std::vector<LoadedPlugin> loaded;                ///< plugins called seamark
    std::vector<std::string> complaints;             ///< what it said of seamark, a line each
    std::vector<PluginFile> files;
    bool has_lab_interface = false;  ///< "Seamark lab" is in its list of interfaces
};

/// The profile "Seamark", as it was found.
struct ProfileFacts {
    std::string folder;                ///< empty: there is none
    std::vector<std::string> changed;  ///< files that are not as this version ships them
};

/// What this process may do, and what this system has.
struct SystemFacts {
    bool root = false;                ///< user or group 0, as Wireshark asks
    std::string other_user;           ///< who called sudo; empty: no one
    bool packaged = false;            ///< this program came with a package of the system's
    std::string library_refusal;      ///< why `seamark trace` has no library; empty: it has
    std::string dumpcap;              ///< its path; empty: there is none
    bool dumpcap_may_run = false;     ///< this user may execute it
    bool dumpcap_has_rights = false;  ///< file capabilities, or set-user-id root
    bool wireshark_group_later =
        false;                      ///< in the group by the list of groups, not in this session
    bool may_capture = false;       ///< this process has CAP_NET_RAW
    std::string namespace_refusal;  ///< why a network namespace cannot be made; empty: it can
    std::string namespace_remedy;   ///< the command that allows it, where it is known
    std::string
        kernel_refusal;  ///< why seamark trace --kernel does not work; empty: nothing is against it
    std::string browser;  ///< what would open a page; empty: nothing
};

struct Facts {
    WiresharkFacts wireshark;
    ProfileFacts profile;
    SystemFacts system;
    std::string version;  ///< of this program
};

}  // namespace seamark::doctor
