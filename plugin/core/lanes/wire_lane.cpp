// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/wire_lane.hpp"

#include <algorithm>

namespace seamark {
namespace {

void add_packets(std::vector<WirePiece>& wire, const SegmentPiece& piece) {
    const Segment& segment = *piece.segment;
    if (piece.packets > kMostWirePackets) {
        wire.push_back({piece.range, &segment, 0, piece.packets});
        return;
    }
    const ByteRange whole = segment.range();
    // Where another segment had brought the first bytes already, the piece begins in a later
    // packet.
    const auto first =
        static_cast<std::uint32_t>((piece.range.begin - whole.begin) / piece.payload);
    for (std::uint32_t i = first; i < piece.packets; ++i) {
        const StreamOffset begin = whole.begin + std::uint64_t{i} * piece.payload;
        const ByteRange here = intersect({begin, begin + piece.payload}, piece.range);
        if (here.empty()) return;
        wire.push_back({here, &segment, i + 1, piece.packets});
    }
}

}  // namespace

std::vector<WirePiece> wire_lane(const Lanes& lanes) {
    std::vector<WirePiece> wire;
    const bool any = std::any_of(lanes.segments.begin(), lanes.segments.end(),
                                 [](const SegmentPiece& piece) { return piece.packets > 1; });
    if (!any) return wire;
    for (const SegmentPiece& piece : lanes.segments)
        if (piece.packets > 0) add_packets(wire, piece);
    return wire;
}

namespace words {

std::string label(const WirePiece& piece) {
    if (piece.number == 0) return "×" + std::to_string(piece.count);
    return std::to_string(piece.range.length());
}

std::string title(const Lanes& lanes, const WirePiece& piece) {
    const std::string segment = "segment " + std::to_string(piece.segment->index) + ", frame " +
                                std::to_string(static_cast<std::uint32_t>(piece.segment->frame));
    if (piece.number == 0)
        return std::to_string(piece.count) + " packets of " + segment + ", by the MSS";
    return "packet " + std::to_string(piece.number) + " of " + std::to_string(piece.count) +
           " that " + segment +
           " is on a wire, by the MSS: " + std::to_string(piece.range.length()) + " bytes at " +
           std::to_string(lanes.offset(piece.range.begin));
}

}  // namespace words

}  // namespace seamark
