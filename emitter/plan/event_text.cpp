// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/event_text.hpp"

#include <algorithm>
#include <array>

#include "plan/payload.hpp"

namespace seamark::plan {
namespace {

/// What stands around number and letters.
struct Shape {
    std::string_view before;
    std::string_view between;
    std::string_view after;

    std::uint64_t size(std::uint64_t number) const {
        return before.size() + number + between.size() + after.size();
    }
};

constexpr Shape sse{"event: token\nid: ", "\ndata: ", "\n\n"};
constexpr Shape json{"{\"event\":", ",\"data\":\"", "\"}\n"};
constexpr Shape json_seq{"\x1e{\"event\":", ",\"data\":\"", "\"}\n"};

const Shape& shape_of(EventFormat format) {
    switch (format) {
        case EventFormat::sse:
            return sse;
        case EventFormat::json_seq:
            return json_seq;
        default:
            return json;
    }
}

/// Appends `name: line` for each line of `text`; lines end as those of an event stream do.
void append_lines(std::string& out, std::string_view name, std::string_view text) {
    while (true) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        out.append(name).append(text.substr(0, end)).append("\n");
        if (end == text.size()) return;
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
}

}  // namespace

std::string_view content_type_of(EventFormat format) {
    switch (format) {
        case EventFormat::sse:
            return "text/event-stream";
        case EventFormat::json_seq:
            return "application/json-seq";
        default:
            return "application/x-ndjson";
    }
}

std::uint64_t least_event(EventFormat format, std::uint64_t last) {
    return shape_of(format).size(std::to_string(last).size()) + 1;
}

char* put_event(char* at, EventFormat format, std::string_view number, std::uint64_t size,
                std::uint64_t offset, std::uint64_t length) {
    const Shape& shape = shape_of(format);
    const std::uint64_t end = offset + length;
    std::uint64_t begin = 0;  // of the part that is next, in the event
    const auto put_text = [&](std::string_view text) {
        const std::uint64_t from = std::clamp(offset, begin, begin + text.size());
        const std::uint64_t to = std::clamp(end, begin, begin + text.size());
        at = std::copy_n(text.data() + (from - begin), to - from, at);
        begin += text.size();
    };
    put_text(shape.before);
    put_text(number);
    put_text(shape.between);
    const std::uint64_t letters = size - shape.size(number.size());
    at = put_letters(at, std::clamp(offset, begin, begin + letters) - begin,
                     std::clamp(end, begin, begin + letters) - begin);
    begin += letters;
    put_text(shape.after);
    return at;
}

bool can_be_data(EventFormat format, std::string_view data) {
    if (format == EventFormat::sse) return true;
    const std::string_view apart = format == EventFormat::json_seq ? "\x1e" : "\r\n";
    return !data.empty() && data.find_first_of(apart) == std::string_view::npos;
}

std::string event_of(EventFormat format, const GivenEvent& event) {
    std::string text;
    if (format != EventFormat::sse) {
        if (format == EventFormat::json_seq) text += '\x1e';
        return text.append(event.data).append("\n");
    }
    if (!event.name.empty()) append_lines(text, "event: ", event.name);
    if (!event.id.empty()) append_lines(text, "id: ", event.id);
    append_lines(text, "data: ", event.data);
    return text + '\n';
}

std::string comment_of(std::string_view text) {
    std::string lines;
    append_lines(lines, ": ", text);
    return lines + '\n';
}

}  // namespace seamark::plan
