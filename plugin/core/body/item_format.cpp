// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/item_format.hpp"

#include "core/base/characters.hpp"

namespace seamark {
namespace {

/// A parameter's value without its quotes. A backslash in a quoted boundary is none of the
/// characters that a boundary may have (RFC 2046 section 5.1.1), so it is not undone.
std::string_view parameter(std::string_view parameters, std::string_view wanted) {
    while (!parameters.empty()) {
        std::size_t end = 0;
        for (bool quoted = false; end < parameters.size(); ++end) {
            if (parameters[end] == '"') quoted = !quoted;
            if (parameters[end] == ';' && !quoted) break;
        }
        const std::string_view one = parameters.substr(0, end);
        const auto equals = one.find('=');
        if (equals != std::string_view::npos && same_word(trim(one.substr(0, equals)), wanted)) {
            std::string_view value = trim(one.substr(equals + 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
                value = value.substr(1, value.size() - 2);
            return value;
        }
        parameters.remove_prefix(end < parameters.size() ? end + 1 : end);
    }
    return {};
}

bool ends_with_word(std::string_view text, std::string_view word) {
    return text.size() > word.size() && same_word(text.substr(text.size() - word.size()), word);
}

}  // namespace

ItemMedia item_media(std::string_view content_type) {
    const auto semicolon = content_type.find(';');
    const std::string_view type = trim(content_type.substr(0, semicolon));
    if (same_word(type, "text/event-stream")) return {ItemFormat::kServerSent, {}};
    for (const std::string_view lines :
         {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
          "application/jsonlines", "application/x-jsonlines"})
        if (same_word(type, lines)) return {ItemFormat::kLines, {}};
    if (same_word(type, "application/json-seq") || ends_with_word(type, "+json-seq"))
        return {ItemFormat::kJsonSequence, {}};
    constexpr std::size_t kLongestBoundary = 70;
    if (semicolon != std::string_view::npos && same_word(type, "multipart/x-mixed-replace")) {
        std::string_view boundary = parameter(content_type.substr(semicolon + 1), "boundary");
        // Cameras write the dashes of the delimiter into the parameter, and not twice into the
        // body.
        if (boundary.starts_with("--")) boundary.remove_prefix(2);
        if (!boundary.empty() && boundary.size() <= kLongestBoundary)
            return {ItemFormat::kMultipart, boundary};
    }
    return {};
}

std::string_view to_string(ItemFormat format) {
    switch (format) {
        case ItemFormat::kNone:
            return "";
        case ItemFormat::kServerSent:
            return "sse";
        case ItemFormat::kLines:
            return "ndjson";
        case ItemFormat::kJsonSequence:
            return "json-seq";
        case ItemFormat::kMultipart:
            return "multipart";
    }
    return "";
}

}  // namespace seamark
