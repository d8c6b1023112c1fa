// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "collect/connections.hpp"
#include "core/stream/overlay.hpp"
#include "platform/items.hpp"

namespace seamark {

/// What one decrypted TLS record has to do with a frame that carries bytes of it.
struct PlainPart {
    ByteRange plaintext;  // of the record, in the stream of what is inside
    ByteRange here;       // of the record in this frame, in the stream that carries it
    std::uint64_t bytes;  // of here that this frame carried first
    bool completed;       // by this frame
    tvbuff_t* tab;        // where completed: the plaintext as a byte tab; null where there is none
};

/// One segment of the packet under dissection, joined with what it carries: messages in clear, or,
/// as a view of its own, what is inside the TLS records of which it has bytes.
struct SegmentView {
    const TrackedConnection* tracked;
    Side side;
    const Segment* segment;
    tvbuff_t* tvb;   // from the TCP header on
    int payload_at;  // where in tvb the byte at segment->begin stands
    std::uint8_t options_length;
    std::span<const Piece> pieces;  // of the bytes that this frame carried first
    // Of what is inside TLS: the records, in order, whose plaintext has the pieces. Empty: in
    // clear.
    std::span<const PlainPart> plain = {};
    const SegmentView* inside = nullptr;  // of this segment's records; null: nothing was decrypted

    const Connection& connection() const {
        return plain.empty() ? tracked->connection : *tracked->connection.plain();
    }
    const Stream& stream() const { return connection().stream(side); }
    /// Positions of stream() of which the frame has bytes, from the first to the last.
    ByteRange range() const {
        if (plain.empty()) return segment->range();
        return {plain.front().plaintext.begin, plain.back().plaintext.end};
    }
    /// The record that holds the first byte of a range of the plaintext; null: none of those here.
    const PlainPart* part_with(ByteRange range) const {
        for (const PlainPart& part : plain)
            if (part.plaintext.contains(range.begin)) return &part;
        return nullptr;
    }
    /// Whether the frame can show the piece: of what is inside TLS, where it completed the record.
    bool readable(const Piece& piece) const {
        if (plain.empty()) return true;
        const PlainPart* part = part_with(piece.range);
        return part != nullptr && part->completed;
    }
    Overlay overlay() const { return Overlay(stream()); }
    const Message& message(const Piece& piece) const { return stream().messages()[piece.message]; }
    const Chunk& chunk(const Piece& piece) const { return stream().messages().chunk(piece.chunk); }
    /// Number of the piece's chunk in its message, from 1.
    std::uint32_t chunk_number(const Piece& piece) const {
        return stream().messages().number(message(piece), piece.chunk);
    }
    /// Calls visit(ByteRange) for each run of bytes that this frame carried first, in order.
    template <typename Visit>
    void each_own_run(Visit visit) const {
        stream().lane().runs().each(segment->range(), [&](const OwnedRun& run) {
            if (run.frame == segment->frame) visit(run.range());
        });
    }
    /// Where in tvb a range of stream() stands: of what is inside TLS, the records' bytes.
    Place place(ByteRange range) const {
        if (!plain.empty()) range = carried(range);
        return {tvb, payload_at + static_cast<int>(range.begin - segment->begin),
                static_cast<int>(range.length())};
    }

  private:
    ByteRange carried(ByteRange range) const {
        std::optional<ByteRange> bytes;
        for (const PlainPart& part : plain)
            if (!intersect(part.plaintext, range).empty())
                bytes = ByteRange{bytes ? bytes->begin : part.here.begin, part.here.end};
        return bytes.value_or(ByteRange{segment->begin, segment->begin});
    }
};

/// A segment of the packet with FIN or RST, which cuts a message short.
struct EndingView {
    const TrackedConnection* tracked;
    Side side;  // who sent it
    FrameNumber frame;
    tvbuff_t* tvb;  // from the TCP header on

    /// Whose message is cut short: what is in clear, or inside TLS.
    const Connection& connection() const {
        const Connection* plain = tracked->connection.plain();
        return plain != nullptr ? *plain : tracked->connection;
    }
    /// What of this segment cut the last message of a direction short; empty where nothing did.
    std::optional<Fault> cut(Side of) const;

  private:
    std::optional<Fault> cut(const Connection& connection, Side of) const;
};

/// The packet under dissection, joined. Reused from packet to packet; holds no wmem memory and is
/// valid until the next build().
class FrameView {
  public:
    /// Joins the packet's segments with what is known now. Only directions in which a message or a
    /// TLS record was recognised are in it.
    void build(packet_info* pinfo, const ObservedSegment* seen, const Connections& connections);
    std::span<const SegmentView> segments() const { return segments_; }
    std::span<const EndingView> endings() const { return endings_; }
    bool empty() const { return segments_.empty() && endings_.empty(); }

  private:
    void add(packet_info* pinfo, const ObservedSegment& seen, const Connections& connections);
    void add_inside(packet_info* pinfo, std::size_t carrier);
    void find_tabs(packet_info* pinfo, const Stream& plain, FrameNumber frame);
    void add_ending(packet_info* pinfo, const ObservedSegment& seen,
                    const Connections& connections);

    std::vector<SegmentView> segments_;
    std::vector<EndingView> endings_;
    std::vector<Piece> pieces_;
    std::vector<std::size_t> piece_begins_;
    // What is inside the records of a segment, its parts and its pieces.
    struct Inside {
        std::size_t carrier;  // index in segments_
        std::size_t parts;    // where its own begin
        std::size_t pieces;
    };
    std::vector<Inside> inside_;
    std::vector<SegmentView> inside_views_;
    std::vector<PlainPart> parts_;
    std::vector<Piece> inside_pieces_;
    struct Tab {
        ByteRange plaintext;
        tvbuff_t* tvb;
    };
    std::vector<Tab> tabs_;  // of the records that the frame completed
};

}  // namespace seamark
