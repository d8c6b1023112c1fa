// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/chunk_row.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace seamark::check {
namespace {

namespace json = boost::json;

/// What json throws of a value of another kind, or of a key that is missing, ends the reading.
template <typename Read>
auto guarded(std::string_view line, Read read) -> decltype(std::optional(read(json::object{}))) {
    try {
        std::array<unsigned char, 16384> room;
        json::monotonic_resource memory(room.data(), room.size());
        return read(json::parse(line, &memory).as_object());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::uint64_t number(const json::object& row, json::string_view key) {
    return row.at(key).to_number<std::uint64_t>();
}
std::uint32_t small_number(const json::object& row, json::string_view key) {
    return row.at(key).to_number<std::uint32_t>();
}
std::optional<std::int64_t> time(const json::object& row, json::string_view key) {
    const json::value* value = row.if_contains(key);
    return value != nullptr ? std::optional(value->to_number<std::int64_t>()) : std::nullopt;
}

std::vector<std::uint32_t> frames(const json::object& row) {
    std::vector<std::uint32_t> all;
    for (const json::value& run : row.at("frames").as_array())
        all.push_back(run.as_array().at(0).to_number<std::uint32_t>());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (all.empty()) throw std::out_of_range("frames");
    return all;
}

std::string cause(const json::object& row) {
    const json::value* verdicts = row.if_contains("causes");
    if (verdicts == nullptr) return {};
    for (const json::value& one : verdicts->as_array()) {
        const json::object& verdict = one.as_object();
        const json::string& kind = verdict.at("kind").as_string();
        if (kind == "whole") continue;
        std::string text(kind);
        text += ':';
        for (const json::value& word : verdict.at("cause").as_array()) {
            text += text.back() == ':' ? " " : " or ";
            text += word.as_string();
        }
        text += " (";
        text += verdict.at("confidence").as_string();
        return text + ')';
    }
    return {};
}

/// The writer of rows takes text for bytes, each of which became U+0000 to U+00FF.
std::string bytes_of(const json::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x80 || i + 1 == text.size()) {
            bytes += text[i];
            continue;
        }
        bytes +=
            static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3f));
    }
    return bytes;
}

/// What rows of all kinds have: whose they are, and the frames that carry their bytes.
template <typename Row>
void read_place(const json::object& object, Row& row) {
    row.stream = small_number(object, "stream");
    row.response = object.at("dir").as_string() == "response";
    row.message = small_number(object, "message");
    row.frames = frames(object);
}

}  // namespace

std::optional<ChunkRow> read_chunk_row(std::string_view line) {
    return guarded(line, [](const json::object& object) {
        ChunkRow row;
        read_place(object, row);
        row.chunk = small_number(object, "chunk");
        row.size = number(object, "size");
        row.writes = object.at("writes").as_array().size();
        row.time = time(object, "time_ns");
        row.spread = time(object, "spread_ns");
        row.after_request = time(object, "after_request_ns");
        row.delay = time(object, "delay_ns");
        if (const json::value* leg = object.if_contains("downstream"))
            row.held = time(leg->as_object(), "held_ns");
        row.cause = cause(object);
        return row;
    });
}

// Inside a string the quotes would be escaped.
bool is_event_row(std::string_view line) {
    return line.find("\"item\":") != std::string_view::npos;
}

std::optional<EventRow> read_event_row(std::string_view line) {
    return guarded(line, [](const json::object& object) {
        EventRow row;
        read_place(object, row);
        row.event = small_number(object, "item");
        row.size = number(object, "bytes");
        row.ready = time(object, "ready_ns");
        row.gap = time(object, "gap_ns");
        row.after_request = time(object, "after_request_ns");
        row.kept = object.contains("cause") && object.at("cause").as_string() == "compressor";
        return row;
    });
}

bool is_latency_line(std::string_view line) {
    return line.starts_with("{\"row\"");
}
bool is_latency_row(std::string_view line) {
    return line.starts_with("{\"row\":\"event\"");
}

std::optional<LatencyRow> read_latency_row(std::string_view line) {
    return guarded(line, [](const json::object& object) {
        LatencyRow row;
        row.stream = small_number(object, "stream");
        row.number = small_number(object, "number");
        row.is_event = object.at("unit").as_string() == "event";
        for (const json::value& frame : object.at("frames").as_array())
            row.frames.push_back(frame.to_number<std::uint32_t>());
        if (row.frames.empty()) throw std::out_of_range("frames");
        row.time = object.at("time_ns").to_number<std::int64_t>();
        for (const json::value& one : object.at("layers").as_array()) {
            const json::object& share = one.as_object();
            // What the first event waited for since the request is no pause between events.
            if (share.contains("since_request")) continue;
            const json::string& layer = share.at("layer").as_string();
            const auto ns = share.at("ns").to_number<std::int64_t>();
            const auto there =
                std::find_if(row.layers.begin(), row.layers.end(),
                             [&](const auto& known) { return known.first == layer; });
            if (there == row.layers.end())
                row.layers.emplace_back(std::string(layer), ns);
            else
                there->second += ns;
        }
        return row;
    });
}

std::optional<MatchedFrames> read_matched_frames(std::string_view line) {
    return guarded(line, [](const json::object& object) {
        MatchedFrames matched;
        matched.filter = bytes_of(object.at("filter").as_string());
        for (const json::value& run : object.at("frames").as_array()) {
            const json::array& ends = run.as_array();
            matched.runs.emplace_back(ends.at(0).to_number<std::uint32_t>(),
                                      ends.at(1).to_number<std::uint32_t>());
        }
        return matched;
    });
}

}  // namespace seamark::check
