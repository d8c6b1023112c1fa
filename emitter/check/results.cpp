// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/results.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace seamark::check {
namespace {

const char* word_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::kHolds:
            return "holds";
        case Outcome::kBroken:
            return "broken";
        case Outcome::kUnknown:
            break;
    }
    return "unknown";
}

/// As the runner's parser takes it back; properties end at ':' and ','.
std::string escaped(const std::string& text, bool property) {
    std::string out;
    for (const char c : text) {
        if (c == '%') {
            out += "%25";
        } else if (c == '\n') {
            out += "%0A";
        } else if (c == '\r') {
            out += "%0D";
        } else if (property && c == ':') {
            out += "%3A";
        } else if (property && c == ',') {
            out += "%2C";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string list_of(const std::vector<std::uint32_t>& frames) {
    constexpr std::size_t kNamed = 10;
    if (frames.empty()) return {};
    std::string text = frames.size() == 1 ? ": frame " : ": frames ";
    for (std::size_t i = 0; i < std::min(frames.size(), kNamed); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(frames[i]);
    return text + (frames.size() > kNamed ? ", …" : "");
}

std::string in_words(const Result& result, bool names_contract) {
    if (result.line == 0) return result.found;
    const std::string contract = names_contract ? ", " + result.contract : std::string();
    const std::string name = result.name.empty() ? std::string() : result.name + ": ";
    return result.capture + contract + ", line " + std::to_string(result.line) + ": " + name +
           result.assertion + " (" + result.found + list_of(result.frames) + ')';
}

std::string to_json(const Result& result) {
    boost::json::object object;
    if (!result.capture.empty()) object["capture"] = result.capture;
    if (result.line > 0) {
        object["contract"] = result.contract;
        object["line"] = result.line;
        if (!result.name.empty()) object["name"] = result.name;
        object["assertion"] = result.assertion;
    }
    object["outcome"] = word_of(result.outcome);
    object["found"] = result.found;
    boost::json::array& frames = object["frames"].emplace_array();
    for (const std::uint32_t frame : result.frames) frames.emplace_back(frame);
    return boost::json::serialize(object);
}

std::string to_annotation(const Result& result) {
    std::string text = "::error ";
    if (result.line > 0)
        text +=
            "file=" + escaped(result.contract, true) + ",line=" + std::to_string(result.line) + ',';
    return text + "title=seamark check::" + escaped(in_words(result, false), false);
}

}  // namespace seamark::check
