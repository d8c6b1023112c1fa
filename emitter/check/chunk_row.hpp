// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace seamark::check {

/// One line of -z seamark,chunks,json, as far as assertions ask (docs/chunks.md). Times are ns.
struct ChunkRow {
    std::uint32_t stream = 0;
    bool response = false;
    std::uint32_t message = 0;
    std::uint32_t chunk = 0;
    std::uint64_t size = 0;
    std::vector<std::uint32_t> frames;   ///< each once, ascending; at least one
    std::uint64_t writes = 0;            ///< how many; 0: not known
    std::optional<std::int64_t> time;    ///< of the first byte, since 1970
    std::optional<std::int64_t> spread;  ///< to the last byte, of a chunk that is complete
    std::optional<std::int64_t> after_request;
    std::optional<std::int64_t> delay;
    std::optional<std::int64_t> held;  ///< by a proxy, of the leg on which it came
    std::string
        cause;  ///< "held: nagle (known)", of the first verdict that is no "whole"; or empty

    bool is_last() const { return size == 0; }
};

/// Reads a line. Empty where it is none, as of a plugin of another version.
std::optional<ChunkRow> read_chunk_row(std::string_view line);

/// One line of -z seamark,events,json, likewise (docs/items.md): an event of a streamed body.
struct EventRow {
    std::uint32_t stream = 0;
    bool response = false;
    std::uint32_t message = 0;
    std::uint32_t event = 0;  ///< 0: a comment, or fields alone
    std::uint64_t size = 0;
    std::vector<std::uint32_t> frames;  ///< each once, ascending; at least one
    std::optional<std::int64_t> ready;  ///< when it could be read, since 1970
    std::optional<std::int64_t> gap;    ///< … since the event before it
    std::optional<std::int64_t> after_request;
    bool kept = false;  ///< by its compressor
};
/// Whether a line is one of events, rather than of chunks.
bool is_event_row(std::string_view line);
std::optional<EventRow> read_event_row(std::string_view line);

/// One line of -z seamark,latency,json that is about an event or a chunk (docs/latency.md).
struct LatencyRow {
    std::uint32_t stream = 0;
    std::uint32_t number = 0;
    bool is_event = false;              ///< else it is a chunk
    std::vector<std::uint32_t> frames;  ///< that carried its last byte, by leg, the client's last
    std::int64_t time = 0;              ///< ns, of all its layers
    /// ns of each layer that it has, that of several legs added up.
    std::vector<std::pair<std::string, std::int64_t>> layers;
};
/// Whether a line is one of latency, of an event or a summary.
bool is_latency_line(std::string_view line);
/// Whether it is one about an event or a chunk.
bool is_latency_row(std::string_view line);
std::optional<LatencyRow> read_latency_row(std::string_view line);

/// A line of -z seamark,frames: the frames that match a filter, as runs of first and last number,
/// ascending.
struct MatchedFrames {
    std::string filter;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> runs;
};
std::optional<MatchedFrames> read_matched_frames(std::string_view line);

}  // namespace seamark::check
