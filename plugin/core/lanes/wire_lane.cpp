// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes/wire_lane.hpp"

#include <algorithm>

namespace seamark {
namespace {

void add_packets(std::vector<LanePiece>& wire, const SegmentPiece& piece) {
    const Segment& segment = *piece.segment;
    if (piece.packets > kMostWirePackets) {
        wire.push_back(WirePiece{piece.range, &segment, 0, piece.packets});
        return;
    }
    const ByteRange whole = segment.range();
    // Where another segment had carried the first bytes already, the piece begins in a later
    // packet.
    const auto first =
        static_cast<std::uint32_t>((piece.range.begin - whole.begin) / piece.payload);
    for (std::uint32_t i = first; i < piece.packets; ++i) {
        const StreamOffset begin = whole.begin + std::uint64_t{i} * piece.payload;
        const ByteRange here = intersect({begin, begin + piece.payload}, piece.range);
        if (here.empty()) return;
        wire.push_back(WirePiece{here, &segment, i + 1, piece.packets});
    }
}

}  // namespace

Lane wire_lane(const Lane& segments) {
    Lane wire{LaneKind::kWire, {}, true};
    const bool any = std::any_of(
        segments.pieces.begin(), segments.pieces.end(),
        [](const LanePiece& piece) { return piece.as<SegmentPiece>().packets > 1; });
    if (!any) return wire;
    for (const LanePiece& piece : segments.pieces)
        if (piece.as<SegmentPiece>().packets > 0) add_packets(wire.pieces, piece.as<SegmentPiece>());
    return wire;
}

}  // namespace seamark
