// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/cause/chunk_causes.hpp"
#include "core/report/chunk_table.hpp"
#include "core/stream/overlay.hpp"
#include "core/stream/segment_finder.hpp"

namespace seamark {

/// A message as the tables see it, with what stands around it.
struct MessageContext {
    const CaptureEntry& entry;
    Side side;
    std::uint32_t index;  // in the direction, from 0
    const Message& message;
    const Stream& stream;
    Overlay overlay;

    std::string_view direction() const { return message.is_request() ? "request" : "response"; }
    std::uint32_t exchange() const { return entry.connection->exchange(side, index); }
    const SocketAddress& source() const { return entry.source(side); }
    const SocketAddress& destination() const { return entry.destination(side); }
    PublicOffset public_offset(StreamOffset at) const { return stream.public_offset(at); }
};

/// Calls visit(MessageContext) in the order of the tables.
template <typename Visit>
void each_message(const std::vector<CaptureEntry>& entries, Visit visit) {
    for (const CaptureEntry& entry : entries) {
        for (const bool request : {true, false}) {
            for (const Side side : {Side::kFirst, Side::kSecond}) {
                const Stream& stream = entry.connection->stream(side);
                const MessageIndex messages = stream.messages();
                for (std::uint32_t i = 0; i < messages.size(); ++i)
                    if (messages[i].is_request() == request && !messages[i].dropped)
                        visit(MessageContext{entry, side, i, messages[i], stream, Overlay(stream)});
            }
        }
    }
}

/// Where a row's text and frames are gathered; one for a whole table, so that no row allocates.
struct Scratch {
    std::string line;
    std::vector<CarriedRun> runs;
    SegmentFinder finder;
    ChunkCauses causes;

    void number(std::uint64_t value) { line += std::to_string(value); }
};

/// When the request of a response was captured whole, ns since 1970; empty where it was not, or of
/// a request.
std::optional<std::int64_t> request_time(const MessageContext& context);

inline constexpr std::size_t kAllRuns = ~std::size_t{0};

/// What is wrong with the chunk, and with its message's head.
FaultSet faults_of(const Message& message, const Chunk& chunk);

/// One chunk of a message.
struct Row {
    const MessageContext& context;
    const Chunk& chunk;
    std::uint32_t number;  // in the message, from 1

    /// Of its segments; its frames are in scratch.
    const std::vector<CauseGroup>& causes(Scratch& scratch) const {
        return scratch.causes.gather(context.entry.connection->carrying(), context.side,
                                     context.stream.carried_extent(chunk.range()), scratch.runs);
    }
};

/// True when one of these frames is kept.
bool any_kept(const std::vector<CarriedRun>& runs, const FrameFilter& keep);

/// Calls visit(Row) for each chunk of the message that the filter keeps; its frames are in scratch.
template <typename Visit>
void each_row(const MessageContext& context, const FrameFilter& keep, Scratch& scratch,
              Visit visit) {
    const MessageIndex messages = context.stream.messages();
    for (std::uint32_t i = 0; i < context.message.chunk_count; ++i) {
        const Chunk& chunk = messages.chunk(context.message, i);
        scratch.runs.clear();
        context.overlay.carriers(chunk.range(), kAllRuns, scratch.runs);
        // Those of no frame were all in frames that a read filter has dropped.
        if (!scratch.runs.empty() && any_kept(scratch.runs, keep))
            visit(Row{context, chunk, i + 1});
    }
}

/// True when a frame that carries a byte of the message is kept.
bool any_kept(const MessageContext& context, const FrameFilter& keep, Scratch& scratch);
/// "stream 0 response message 1, at offset 161: bad-size: …", a line for each fault that ended a
/// message early and that none of its chunks shows.
void complain(const MessageContext& context, const FrameFilter& keep, Scratch& scratch,
              const LineSink& sink);

}  // namespace seamark
