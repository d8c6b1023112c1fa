// SPDX-License-Identifier: GPL-2.0-or-later
#include "collect/frame_view.hpp"

#include <algorithm>

namespace seamark {

void FrameView::build(packet_info* pinfo, const ObservedSegment* seen,
                      const Connections& connections) {
    segments_.clear();
    endings_.clear();
    pieces_.clear();
    piece_begins_.clear();
    for (; seen != nullptr; seen = seen->next) {
        if (seen->wire_length > 0 && !seen->header.rst) add(pinfo, *seen, connections);
        if (seen->header.fin || seen->header.rst) add_ending(pinfo, *seen, connections);
    }
    // The pieces may have moved while they were gathered.
    piece_begins_.push_back(pieces_.size());
    for (std::size_t i = 0; i < segments_.size(); ++i)
        segments_[i].pieces =
            std::span(pieces_).subspan(piece_begins_[i], piece_begins_[i + 1] - piece_begins_[i]);
}

std::optional<Fault> EndingView::cut(Side of) const {
    const Stream& stream = tracked->connection.stream(of);
    const Closing& closing = stream.closing();
    const auto fault = stream.cut();
    if (fault == Fault::kCutByFin && of == side && closing.fin_frame() == frame) return fault;
    if (fault == Fault::kCutByReset && closing.reset_frame() == frame) return fault;
    return std::nullopt;
}

void FrameView::add_ending(packet_info* pinfo, const ObservedSegment& seen,
                           const Connections& connections) {
    const TrackedConnection* tracked = connections.find(pinfo, seen);
    if (tracked == nullptr) return;
    const EndingView ending{tracked, tracked->sender(seen), FrameNumber{pinfo->num}, seen.tvb};
    if (ending.cut(Side::kFirst) || ending.cut(Side::kSecond)) endings_.push_back(ending);
}

void FrameView::add(packet_info* pinfo, const ObservedSegment& seen,
                    const Connections& connections) {
    const TrackedConnection* tracked = connections.find(pinfo, seen);
    if (tracked == nullptr) return;
    const Side side = tracked->sender(seen);
    const Stream& stream = tracked->connection.stream(side);
    if (stream.messages().empty() && stream.messages().proxy_header() == nullptr &&
        stream.records() == nullptr)
        return;

    const Overlay overlay(stream);
    const auto frame = FrameNumber{pinfo->num};
    // A frame that carries several segments of one direction shows them in the order of capture.
    const auto earlier = static_cast<std::size_t>(std::count_if(
        segments_.begin(), segments_.end(),
        [&](const SegmentView& view) { return view.tracked == tracked && view.side == side; }));
    const auto recorded = overlay.segments_of(frame);
    if (earlier >= recorded.size()) return;
    const Segment& segment = recorded[earlier];
    if (segment.wire_length > seen.wire_length) return;

    // The snap length may have cut the TCP options already.
    const int payload_at =
        std::min(seen.header.length + static_cast<int>(seen.wire_length - segment.wire_length),
                 static_cast<int>(tvb_captured_length(seen.tvb)));
    piece_begins_.push_back(pieces_.size());
    segments_.push_back(
        {tracked, side, &segment, seen.tvb, payload_at, seen.header.options_length, {}});
    stream.lane().runs().each(segment.range(), [&](const OwnedRun& run) {
        if (run.frame == frame) overlay.pieces(run.range(), pieces_);
    });
}

}  // namespace seamark
