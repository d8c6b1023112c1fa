// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "core/stream/overlay.hpp"

namespace seamark {

/// What the pieces of a lane are.
enum class LaneKind : std::uint8_t {
    kUpperWrites,
    kWrites,
    kRecords,
    kChunks,
    kItems,
    kSegments,
    kWire,
    kReads,
    kUpperReads
};

/// A call in the lane of writes or of reads.
struct CallPiece {
    ByteRange range;
    const CallRecord* call = nullptr;  // null: the write is known from a tag alone
    WriteRange tag;                    // where call is null
    // Of a call above TLS: its bytes there, while range is that of their records; else empty.
    ByteRange plaintext = {};
};

/// A TLS record, header included.
struct RecordPiece {
    ByteRange range;
    const TlsRecord* record = nullptr;
    std::uint32_t index = 0;  // in the direction, from 1
};

/// A head, a body, a whole chunk (trailer section included), or what is left of a broken one.
struct ChunkPiece {
    ByteRange range;
    PieceKind kind = PieceKind::kHead;  // of its first byte; kSizeLine for a chunk
    std::uint32_t message = 0;          // index in the direction, from 0
    std::uint32_t number = 0;           // of the chunk in the message, from 1; 0: no chunk
    const Chunk* chunk = nullptr;
    // Of what is inside TLS: its bytes there, while range is that of the records; else empty.
    ByteRange plaintext = {};

    bool inside() const { return !plaintext.empty(); }
};

/// Bytes that one segment carried first, or bytes that none did.
struct SegmentPiece {
    ByteRange range;
    const Segment* segment = nullptr;  // null: no frame of the capture has them
    std::uint32_t packets = 0;         // of at most MSS on a wire; 0: not known
    std::uint32_t payload = 0;         // bytes that one of them holds; 0: not known
};

/// A packet of at most the MSS, less the options of its segment, that a captured segment is on a
/// wire: a super-segment (TSO, GSO) becomes several, one that was joined on the way up (GRO) was
/// several. Computed, not captured.
struct WirePiece {
    ByteRange range;
    const Segment* segment = nullptr;
    std::uint32_t number = 0;  // among the segment's packets, from 1; 0: all of them, too many to
                               // be drawn apart
    std::uint32_t count = 0;   // the segment's packets
};

/// An event of a body. range: from its first to its last byte, chunk framing between them included.
struct ItemPiece {
    ByteRange range;
    const Item* item = nullptr;
    ItemFormat format = ItemFormat::kNone;
    std::uint32_t message = 0;  // index in the direction, from 0
};

/// A piece about which its producer keeps the facts, under an index of its own.
struct ListedPiece {
    ByteRange range;
    std::uint64_t index = 0;
};

/// Bytes of a stream that one call, chunk, segment … has. Ranges are positions of the stream.
class LanePiece {
  public:
    template <typename P>
    LanePiece(P piece) : of_(std::move(piece)) {}  // NOLINT: a piece is any of them

    ByteRange range() const {
        return std::visit([](const auto& piece) { return piece.range; }, of_);
    }
    /// Precondition: it is one.
    template <typename P>
    const P& as() const {
        return *std::get_if<P>(&of_);
    }

  private:
    std::variant<CallPiece, RecordPiece, ChunkPiece, ItemPiece, SegmentPiece, WirePiece,
                 ListedPiece>
        of_;
};

/// Pieces of one kind, in order of offset; they do not overlap. What is known of no byte has none.
struct Lane {
    LaneKind kind;
    std::vector<LanePiece> pieces;
    /// Follows from another lane: nothing new is cut at its boundaries.
    bool computed = false;
};

}  // namespace seamark
