// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::check {

/// What an assertion about rows compares. The rows are those of -z seamark,chunks; "data chunk" is
/// one of size 1 or more, and a chunk "can be read" once it and all before it in its message were
/// captured whole.
enum class RowField : std::uint8_t {
    kSize,    ///< bytes of a chunk, as its size line says
    kFrames,  ///< frames that carry a chunk
    kWrites,  ///< writes that carried a chunk, where they are known
    kSpread,  ///< from the first byte of a chunk to its last
    kGap,     ///< from when the data chunk before it could be read to when this one could
    kFirst,   ///< of a response: from the end of its request to its first data chunk's first byte
    kAfterRequest,  ///< of a response: from the end of its request to the first byte of a data
                    ///< chunk
    kDelay,         ///< from the write call of a chunk to its first byte
    kHeld,          ///< how long a proxy held a chunk, by the leg on which it came
    kHeldOver,      ///< later chunks that a proxy had before it passed a chunk on
    kPerSegment,    ///< data chunks with bytes in a segment
    kBurst,         ///< of a response: data chunks that came with others in its largest burst
    // Of the rows of -z seamark,events, comments and fields alone left out.
    kEventSize,          ///< bytes of an event
    kEventFrames,        ///< frames that carry an event
    kEventGap,           ///< from when the event before it could be read to when this one could
    kEventFirst,         ///< of a response: from the end of its request to when its first event
                         ///< could be read
    kEventAfterRequest,  ///< of a response: the same for each event
    kEventBurst,         ///< as kBurst, of events
    kEventKept,          ///< of a message: events that its compressor kept until it had more
    // Of the rows of -z seamark,latency: an event, or a chunk of a body without events.
    kLatency,             ///< all its layers together
    kLatencyApplication,  ///< from the write of the one before it to its own
    kLatencySender,       ///< the same, kernel included, where no writes were recorded
    kLatencyStack,        ///< from the write to the wire
    kLatencyWire,         ///< for bytes that were missing or sent again
    kLatencyHop,          ///< between interfaces of the capture
    kLatencyRest,         ///< for the rest of a TLS record, or of what a compressor gave out
    kLatencyReceiver,     ///< to the read
    kLatencyProxy,        ///< in proxies
};
constexpr std::size_t kRowFields = static_cast<std::size_t>(RowField::kLatencyProxy) + 1;
constexpr bool is_of_latency(RowField field) {
    return field >= RowField::kLatency;
}
constexpr bool is_of_events(RowField field) {
    return field >= RowField::kEventSize && !is_of_latency(field);
}
/// As seamark,latency names the layer of a field; empty of kLatency, which is all of them.
std::string_view layer_of(RowField field);

/// What a number stands for, and the unit in which it is kept.
enum class Dimension : std::uint8_t {
    kCount,
    kBytes,
    kTime,     ///< ns
    kPercent,  ///< 0 to 100
};

/// Numbers that rows have: 64 bits of integer or a share.
using Quantity = long double;

/// The field of that name, as people may write it: "chunk.gap", "gap", "chunks per segment".
std::optional<RowField> field_of(std::string_view name);
/// As docs/check.md has it.
std::string_view name_of(RowField field);
Dimension dimension_of(RowField field);
/// All names, with commas between them.
std::string all_field_names();

/// Reads "200ms", "1.5 s", "4 KiB", "50%" or a plain number (of seconds, for a time). What is wrong
/// with it, in words, where it is none.
struct QuantityError {
    std::string text;
};
std::optional<QuantityError> read_quantity(std::string_view text, Dimension dimension,
                                           Quantity& quantity);
/// "203.4 ms", "4000 bytes", "50 %", "3".
std::string shown(Quantity quantity, Dimension dimension);

}  // namespace seamark::check
