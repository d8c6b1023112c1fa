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
    inside_.clear();
    inside_views_.clear();
    parts_.clear();
    inside_pieces_.clear();
    for (; seen != nullptr; seen = seen->next) {
        if (seen->wire_length > 0 && !seen->header.rst) add(pinfo, *seen, connections);
        if (seen->header.fin || seen->header.rst) add_ending(pinfo, *seen, connections);
    }
    // The pieces may have moved while they were gathered.
    piece_begins_.push_back(pieces_.size());
    for (std::size_t i = 0; i < segments_.size(); ++i)
        segments_[i].pieces =
            std::span(pieces_).subspan(piece_begins_[i], piece_begins_[i + 1] - piece_begins_[i]);
    inside_.push_back({0, parts_.size(), inside_pieces_.size()});
    inside_views_.reserve(inside_.size());
    for (std::size_t i = 0; i + 1 < inside_.size(); ++i) {
        const Inside& first = inside_[i];
        const Inside& next = inside_[i + 1];
        SegmentView& view = inside_views_.emplace_back(segments_[first.carrier]);
        view.plain = std::span(parts_).subspan(first.parts, next.parts - first.parts);
        view.pieces = std::span(inside_pieces_).subspan(first.pieces, next.pieces - first.pieces);
        segments_[first.carrier].inside = &view;
    }
}

/// The byte tabs of the records that this frame completed: those of application data have, in
/// order, the segments of the plaintext.
void FrameView::find_tabs(packet_info* pinfo, const Stream& plain, FrameNumber frame) {
    tabs_.clear();
    const SegmentRange completed = Overlay(plain).segments_of(frame);
    if (completed.empty()) return;
    std::size_t at = 0;
    ws::each_decrypted(pinfo, [&](const ws::Decrypted& decrypted) {
        constexpr auto kData = static_cast<std::uint8_t>(RecordType::kApplicationData);
        if (decrypted.type != kData || at == completed.size() ||
            completed[at].wire_length != decrypted.length)
            return;
        tabs_.push_back({completed[at++].range(), ws::tab_of(pinfo, decrypted)});
    });
}

void FrameView::add_inside(packet_info* pinfo, std::size_t carrier) {
    const SegmentView& view = segments_[carrier];
    const Connection* connection = view.tracked->connection.plain();
    const RecordFramer* records = view.stream().records();
    if (connection == nullptr || records == nullptr) return;
    const Stream& plain = connection->stream(view.side);
    const FrameNumber frame = view.segment->frame;
    const Inside inside{carrier, parts_.size(), inside_pieces_.size()};
    find_tabs(pinfo, plain, frame);
    view.each_own_run([&](ByteRange own) {
        records->each(own, [&](std::uint32_t index, const TlsRecord& record) {
            const PlainMap::Part* part = plain.plain_map().of_record(index);
            if (part == nullptr || part->length == 0) return;
            const ByteRange here = intersect(record.range(), own);
            if (parts_.size() > inside.parts && parts_.back().plaintext == part->range()) {
                parts_.back().here.end = here.end;  // another one's bytes lie between
                parts_.back().bytes += here.length();
                return;
            }
            PlainPart found{part->range(), here, here.length(), false, nullptr};
            for (const Tab& tab : tabs_)
                if (tab.plaintext == found.plaintext) {
                    found.completed = true;
                    found.tab = tab.tvb;
                }
            parts_.push_back(found);
            Overlay(plain).pieces(found.plaintext, inside_pieces_);
        });
    });
    const bool has_calls = !plain.writes().empty() || !plain.reads().empty();
    if (inside_pieces_.size() > inside.pieces || (has_calls && parts_.size() > inside.parts))
        inside_.push_back(inside);
    else
        parts_.resize(inside.parts);
}

std::optional<Fault> EndingView::cut(Side of) const {
    const auto in_clear = cut(tracked->connection, of);
    const Connection* plain = tracked->connection.plain();
    return in_clear || plain == nullptr ? in_clear : cut(*plain, of);
}

std::optional<Fault> EndingView::cut(const Connection& connection, Side of) const {
    const Stream& stream = connection.stream(of);
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
    add_inside(pinfo, segments_.size() - 1);
}

}  // namespace seamark
