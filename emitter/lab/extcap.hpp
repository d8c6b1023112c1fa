// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lab/follow.hpp"
#include "lab/settings.hpp"

namespace seamark::lab {

/// What Wireshark asks an extcap program (its interface is in Wireshark's developer's guide,
/// section 8.2), answered as text. The dialog's fields come from the settings and from /emit's
/// parameters, so that they cannot disagree with the command line. Pure.

inline constexpr std::string_view lab_interface = "seamark-lab";
inline constexpr std::string_view loopback_interface = "seamark-loopback";

/// A field of the dialog, which comes back as "--call VALUE". An empty value, and "-" of a
/// selector, leave what the scenario says.
struct Field {
    std::string call;
    std::string display;
    std::string tooltip;
    std::string group;                 ///< its tab
    std::string value;                 ///< at first
    std::vector<std::string> choices;  ///< a selector if there are any, else a text
    bool is_file = false;              ///< a text that a file's dialog fills in
};

std::vector<Field> dialog_fields();    ///< of the lab
std::vector<Field> loopback_fields();  ///< of the loopback

std::string extcap_interfaces(std::string_view version);
std::string extcap_dlts();
std::string extcap_config(const std::vector<Field>& fields);

/// The settings that the dialog's values make: `values` is by call. Throws std::runtime_error that
/// names the field, its value and what is allowed.
Settings settings_from_dialog(const std::map<std::string, std::string>& values);

/// What is to be followed on the loopback, likewise.
FollowRun follow_from_dialog(const std::map<std::string, std::string>& values);

/// The words of "chunked, length, close"; none if the phrase is anything else.
std::vector<std::string> choices_in(std::string_view allowed);

}  // namespace seamark::lab
