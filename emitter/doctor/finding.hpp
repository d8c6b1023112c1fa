// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace seamark::doctor {

enum class State {
    kOk,
    kLimited,  ///< something is not possible here that not everybody needs
    kWrong,    ///< Seamark does not work as it should
};

/// What was found about one thing that Seamark needs.
struct Finding {
    std::string check;  ///< a word that stays the same once shipped
    State state;
    std::string text;    ///< what was found; no line end
    std::string remedy;  ///< one command or sentence that mends it; empty: nothing to mend
};

/// One line each: state, check, text, remedy.
std::string in_words(const std::vector<Finding>& findings);

/// One JSON object in one line (docs/schemas/doctor.schema.json). version: of this program.
std::string to_json(const std::vector<Finding>& findings, const std::string& version);

/// 1 if something is wrong, else 0.
int status_of(const std::vector<Finding>& findings);

}  // namespace seamark::doctor
