// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/finding.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/base/display_text.hpp"

namespace seamark::doctor {
namespace {

const char* word_of(State state) {
    switch (state) {
        case State::kOk:
            return "ok";
        case State::kLimited:
            return "limited";
        case State::kWrong:
            break;
    }
    return "wrong";
}

/// Paths and what other programs say may hold any bytes.
std::string shown(const std::string& text) {
    return DisplayText::of(text).string();
}

}  // namespace

std::string in_words(const std::vector<Finding>& findings) {
    std::size_t width = 0;
    for (const Finding& finding : findings) width = std::max(width, finding.check.size());
    std::string text;
    for (const Finding& finding : findings) {
        std::string line = word_of(finding.state);
        line.resize(std::string_view("limited  ").size(), ' ');
        line += finding.check;
        line.append(width - finding.check.size() + 2, ' ');
        line += shown(finding.text);
        if (!finding.remedy.empty()) line += ". To mend it: " + shown(finding.remedy);
        text += line + '\n';
    }
    return text;
}

std::string to_json(const std::vector<Finding>& findings, const std::string& version) {
    boost::json::object object;
    object["version"] = version;
    object["ok"] = status_of(findings) == 0;
    boost::json::array& checks = object["checks"].emplace_array();
    for (const Finding& finding : findings) {
        boost::json::object check;
        check["check"] = finding.check;
        check["state"] = word_of(finding.state);
        check["text"] = shown(finding.text);
        if (!finding.remedy.empty()) check["remedy"] = shown(finding.remedy);
        checks.push_back(std::move(check));
    }
    return boost::json::serialize(object);
}

int status_of(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.state == State::kWrong; })
               ? 1
               : 0;
}

}  // namespace seamark::doctor
