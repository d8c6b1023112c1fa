// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/lanes/lane.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/stream/capture_entry.hpp"

namespace seamark {

/// The lanes of one direction side by side, from the application down to the receiver. Borrows from
/// the entry and its connection, which must stay as they are.
struct Lanes {
    Lanes(const CaptureEntry& of, Side sender)
        : entry(&of), side(sender), stream(&of.connection->stream(sender)) {}

    const CaptureEntry* entry;
    Side side;
    const Stream* stream;
    std::vector<ByteRange> shown;  // the bytes that are drawn, in order; they do not touch
    std::vector<Lane> lanes;
    std::uint64_t unplaced = 0;  // calls after the last byte that was captured, or with no SYN
    // Exchanges whose other leg is not known, by reason.
    std::map<LegDoubt, std::vector<std::uint32_t>> leg_doubts;
    bool writes_from_tags = false;  // all of them

    /// Of the lane of this kind; none where there is no such lane.
    std::span<const LanePiece> pieces(LaneKind kind) const;

    PublicOffset offset(StreamOffset at) const { return stream->public_offset(at); }
    /// Whose message a piece is of: the connection's, or that of what is inside its TLS.
    const Connection& connection_of(const ChunkPiece& piece) const {
        return piece.inside() ? *entry->connection->plain() : *entry->connection;
    }
    const Stream& stream_of(const ChunkPiece& piece) const {
        return connection_of(piece).stream(side);
    }
    const Message& message(const ChunkPiece& piece) const {
        return stream_of(piece).messages()[piece.message];
    }
    std::uint32_t exchange(const ChunkPiece& piece) const {
        return connection_of(piece).exchange(side, piece.message);
    }
    const SocketAddress& source() const { return entry->source(side); }
    const SocketAddress& destination() const { return entry->destination(side); }
    /// Of the side that sends the requests, as far as that is known.
    bool request() const { return entry->connection->sends_requests(side).value_or(false); }
    /// Exchange numbers of the first and the last message that is drawn.
    std::optional<WriteRange> exchanges() const;
    std::uint64_t shown_bytes() const;
};

/// The lanes of every direction in which a message or a TLS record was recognised; sorted as the
/// tables are. keep: only the bytes that a kept frame carries are drawn, extended to whole heads
/// and chunks; empty: all. A direction with nothing to draw is left out. legs: of the whole
/// capture; null: pairs are not judged.
std::vector<Lanes> gather_lanes(std::span<const CaptureEntry> entries, const FrameFilter& keep,
                                const LegPairs* legs = nullptr);

/// The lanes of the bytes that a segment carried first, and of no others. segment: of this side.
Lanes lanes_of_segment(const CaptureEntry& entry, Side side, const Segment& segment);

/// The lanes of some bytes of one direction, extended to whole heads and chunks.
Lanes lanes_of_ranges(const CaptureEntry& entry, Side side, std::vector<ByteRange> ranges);

/// Bytes between two neighbouring boundaries, whichever lane they belong to. Of each lane the index
/// of the piece that has them; kNone where none has.
struct LaneRow {
    static constexpr std::size_t kNone = ~std::size_t{0};
    ByteRange range;
    std::vector<std::size_t> pieces;  // by lane; kNone of a lane that is computed
};

/// The shown bytes, cut at every boundary of the lanes that are not computed, in order. Costs a
/// step for each piece.
std::vector<LaneRow> lane_rows(const Lanes& lanes);

}  // namespace seamark
