// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/proxy/leg_pairs.hpp"
#include "core/stream/capture_entry.hpp"
#include "core/stream/overlay.hpp"

namespace seamark {

/// A call in the lane of writes or of reads.
struct CallPiece {
    ByteRange range;
    const CallRecord* call = nullptr;  // null: the write is known from a tag alone
    WriteRange tag;                    // where call is null
};

/// A head, a body, a whole chunk (trailer section included), or what is left of a broken one.
struct ChunkPiece {
    ByteRange range;
    PieceKind kind = PieceKind::kHead;  // of its first byte; kSizeLine for a chunk
    std::uint32_t message = 0;          // index in the direction, from 0
    std::uint32_t number = 0;           // of the chunk in the message, from 1; 0: no chunk
    const Chunk* chunk = nullptr;
};

/// Bytes that one segment brought first, or bytes that none did.
struct SegmentPiece {
    ByteRange range;
    const Segment* segment = nullptr;  // null: no frame of the capture has them
    std::uint32_t packets = 0;         // of at most MSS on a wire; 0: not known
    std::uint32_t payload = 0;         // bytes that one of them holds; 0: not known
};

/// The four lanes of one direction, for the pictures: in each lane pieces in order of offset that
/// do not overlap. A lane that is not known has none. Ranges are positions of the stream, to be
/// shown through offset(). Borrows from the entry and its connection, which must stay as they are.
struct Lanes {
    Lanes(const CaptureEntry& of, Side sender)
        : entry(&of), side(sender), stream(&of.connection->stream(sender)) {}

    const CaptureEntry* entry;
    Side side;
    const Stream* stream;
    std::vector<ByteRange> shown;  // the bytes that are drawn, in order; they do not touch
    std::vector<CallPiece> writes;
    std::vector<ChunkPiece> chunks;
    std::vector<SegmentPiece> segments;
    std::vector<CallPiece> reads;
    std::uint64_t unplaced = 0;  // calls behind the last byte that was captured, or with no SYN

    // Exchanges whose other leg is not known, by reason.
    std::map<LegDoubt, std::vector<std::uint32_t>> leg_doubts;

    bool writes_from_tags = false;  // all of them
    std::uint64_t offset(StreamOffset at) const { return stream->public_offset(at); }
    const Message& message(const ChunkPiece& piece) const {
        return stream->framer().messages()[piece.message];
    }
    std::uint32_t exchange(const ChunkPiece& piece) const {
        return entry->connection->exchange(side, piece.message);
    }
    const SocketAddress& source() const { return entry->source(side); }
    const SocketAddress& destination() const { return entry->destination(side); }
    bool request() const { return stream->framer().messages().front().is_request(); }
    /// Exchange numbers of the first and the last message that is drawn.
    std::optional<WriteRange> exchanges() const;
    std::uint64_t shown_bytes() const;
};

/// The lanes of every direction in which a message was recognised; sorted as the tables are. keep:
/// only the bytes that a kept frame carries are drawn, extended to whole heads and chunks; empty:
/// all. A direction with nothing to draw is left out. legs: of the whole capture; null: pairs are
/// not judged.
std::vector<Lanes> gather_lanes(std::span<const CaptureEntry> entries, const FrameFilter& keep,
                                const LegPairs* legs = nullptr);

/// The lanes of some bytes of one direction, extended to whole heads and chunks.
Lanes lanes_of_ranges(const CaptureEntry& entry, Side side, std::vector<ByteRange> ranges);

/// Bytes between two neighbouring seams, whichever lane they belong to. Of each lane the index of
/// the piece that has them; kNone where none has.
struct LaneRow {
    static constexpr std::size_t kNone = ~std::size_t{0};
    ByteRange range;
    std::size_t write = kNone;
    std::size_t chunk = kNone;
    std::size_t segment = kNone;
    std::size_t read = kNone;
};

/// The shown bytes, cut at every seam, in order. Costs a step for each piece.
std::vector<LaneRow> lane_rows(const Lanes& lanes);

}  // namespace seamark
