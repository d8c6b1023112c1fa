// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <string_view>

#include "check/results.hpp"

namespace seamark::check {
namespace {

/// Text is valid UTF-8 without control characters already; XML 1.0 knows no U+FFFE and U+FFFF,
/// which are left to be replaced.
std::string xml(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                if (text.substr(i).starts_with("\xef\xbf\xbe") ||
                    text.substr(i).starts_with("\xef\xbf\xbf")) {
                    out += "\xef\xbf\xbd";
                    i += 2;
                } else {
                    out += text[i];
                }
        }
    }
    return out;
}

std::string attribute(const char* name, std::string_view text) {
    return std::string(" ") + name + "=\"" + xml(text) + '"';
}

std::size_t count_of(const std::vector<const Result*>& suite, Outcome outcome) {
    return static_cast<std::size_t>(std::count_if(
        suite.begin(), suite.end(), [&](const Result* one) { return one->outcome == outcome; }));
}

std::string counts(std::size_t tests, std::size_t failures, std::size_t errors) {
    return attribute("tests", std::to_string(tests)) +
           attribute("failures", std::to_string(failures)) +
           attribute("errors", std::to_string(errors)) + attribute("skipped", "0");
}

std::string case_of(const Result& result) {
    const bool is_assertion = result.line > 0;
    const std::string name = !is_assertion         ? std::string("read in full")
                             : result.name.empty() ? result.assertion
                                                   : result.name + ": " + result.assertion;
    std::string text =
        "    <testcase" + attribute("classname", result.capture) + attribute("name", name);
    if (is_assertion)
        text += attribute("file", result.contract) + attribute("line", std::to_string(result.line));
    if (result.outcome == Outcome::kHolds) return text + "/>\n";
    const std::string element = result.outcome == Outcome::kBroken ? "failure" : "error";
    const std::string message = result.found + list_of(result.frames);
    return text + ">\n      <" + element + attribute("message", message) +
           attribute("type", result.outcome == Outcome::kBroken ? "broken" : "not checked") + '>' +
           xml(in_words(result, true)) + "</" + element + ">\n    </testcase>\n";
}

}  // namespace

std::string to_junit(const std::vector<Result>& results) {
    std::vector<std::vector<const Result*>> suites;
    for (const Result& result : results) {
        const auto at = std::find_if(suites.begin(), suites.end(), [&](const auto& suite) {
            return suite.front()->capture == result.capture;
        });
        if (at == suites.end()) {
            suites.push_back({&result});
        } else {
            at->push_back(&result);
        }
    }
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::string body;
    for (const auto& suite : suites) {
        const std::string& capture = suite.front()->capture;
        const std::size_t failed = count_of(suite, Outcome::kBroken);
        const std::size_t unknown = count_of(suite, Outcome::kUnknown);
        failures += failed;
        errors += unknown;
        body += "  <testsuite" + attribute("name", capture.empty() ? "seamark check" : capture) +
                counts(suite.size(), failed, unknown) + ">\n";
        for (const Result* result : suite) body += case_of(*result);
        body += "  </testsuite>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
           attribute("name", "seamark check") + counts(results.size(), failures, errors) + ">\n" +
           body + "</testsuites>\n";
}

}  // namespace seamark::check
