// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

class LegPairs;

/// One side's address and port in text, numeric.
struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

/// A connection as the tables name it. Borrowed: it must outlive the call.
struct TableEntry {
    std::uint32_t stream = 0;  // Wireshark's tcp.stream
    const Connection* connection = nullptr;
    Endpoint first;   // Side::kFirst
    Endpoint second;  // Side::kSecond
    const LegPairs* legs = nullptr;  // of all connections; null: not judged
};

/// Takes one line, without its line end.
using LineSink = std::function<void(std::string_view)>;
/// True when this frame matches the user's filter.
using FrameFilter = std::function<bool(FrameNumber)>;

/// The chunk table: every chunk of every connection, sorted by stream, request before response,
/// message, chunk. Entries must be sorted by stream. keep: a chunk (a message) is left out when no
/// frame that carries it is kept; empty: everything is.
///
/// write_chunk_json: one JSON object a chunk (the contract is in docs/chunks.md); complaints get a
/// line for each message that was ended by a fault, which no object can carry.
void write_chunk_json(const std::vector<TableEntry>& entries, const FrameFilter& keep,
                      const LineSink& sink, const LineSink& complaints);
/// write_chunk_text: the same for people, with a line for each message that is not chunked.
void write_chunk_text(const std::vector<TableEntry>& entries, const FrameFilter& keep,
                      const LineSink& sink);

}  // namespace seamark
