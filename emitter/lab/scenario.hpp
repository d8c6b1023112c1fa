// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "lab/settings.hpp"

namespace seamark::lab {

/// A scenario is a text of lines "key: value". Keys are the names of settings, and besides
///
///     title: one line, required
///     see:   what one should see; may recur, as each of the following
///     vary:  an option and what it changes
///     plan:  a line of the plan that the server carries out
///     proxy-config: a line of the file that the proxy finds as $SEAMARK_CONFIG; $SEAMARK_ADDRESS,
///            $SEAMARK_PORT, $SEAMARK_UPSTREAM, $SEAMARK_TLS and $SEAMARK_FOLDER in it are filled
///            in
///
/// Blank lines, and lines that begin with #, say nothing. A key with a value comes once.

/// Where and why a text is no scenario; what() is "FILE:LINE:COLUMN: what, and what is allowed".
struct ScenarioError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `file` is the name for errors. Throws ScenarioError.
Settings parse_scenario(std::string_view text, std::string_view file);

/// The scenario in words, for people: what is set, what to see, what to vary.
std::string explain(std::string_view name, const Settings& settings);

struct BuiltIn {
    std::string_view name;
    std::string_view text;
};

/// The built-in scenarios, in the order of the files' list in CMakeLists.txt.
std::span<const BuiltIn> built_in_scenarios();
const BuiltIn* find_built_in(std::string_view name);

}  // namespace seamark::lab
