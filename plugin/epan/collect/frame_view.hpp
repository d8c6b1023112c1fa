// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <vector>

#include "collect/connections.hpp"
#include "core/stream/overlay.hpp"

namespace seamark {

/// One segment of the packet under dissection, joined with what it carries.
struct SegmentView {
    const TrackedConnection* tracked;
    Side side;
    const Segment* segment;
    tvbuff_t* tvb;   // from the TCP header on
    int payload_at;  // where in tvb the byte at segment->begin stands
    std::uint8_t options_length;
    std::span<const Piece> pieces;  // of the bytes that this frame carried first

    const Stream& stream() const { return tracked->connection.stream(side); }
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
    /// Where in tvb the byte at this stream offset stands.
    int tvb_offset(StreamOffset at) const {
        return payload_at + static_cast<int>(at - segment->begin);
    }
};

/// A segment of the packet with FIN or RST, which cuts a message short.
struct EndingView {
    const TrackedConnection* tracked;
    Side side;  // who sent it
    FrameNumber frame;
    tvbuff_t* tvb;  // from the TCP header on

    /// What of this segment cut the last message of a direction short; empty where nothing did.
    std::optional<Fault> cut(Side of) const;
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

    void add_ending(packet_info* pinfo, const ObservedSegment& seen,
                    const Connections& connections);

    std::vector<SegmentView> segments_;
    std::vector<EndingView> endings_;
    std::vector<Piece> pieces_;
    std::vector<std::size_t> piece_begins_;
};

}  // namespace seamark
