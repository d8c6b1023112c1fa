// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "core/picture/capture_times.hpp"
#include "core/picture/retransmissions.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

/// Retransmissions, after the marks of the segments.
void add_retransmissions(const Lanes& lanes, TimedLane& lane) {
    each_retransmission(lanes, [&](const Segment& segment) {
        lane.marks.push_back(
            {{segment.time, segment.time},
             segment.range(),
             "missing",
             "again",
             "retransmission: " + words::title(lanes, SegmentPiece{segment.range(), &segment, 0})});
    });
}

TimedLane timed_lane(const Lanes& lanes, const LaneStyle& style, std::span<const LanePiece> pieces,
                     std::span<const LanePiece> segments) {
    TimedLane lane{std::string(style.names.picture), {}, 0};
    CaptureTimes captured(segments);
    for (const LanePiece& piece : pieces) {
        std::optional<TimeSpan> when;
        std::string note;
        if (style.time == nullptr) {
            when = captured.of(piece.range());
            if (when) note = "; captured within " + words::milliseconds(when->end - when->begin);
        } else if (const auto told = style.time(piece)) {
            when = TimeSpan{told->begin, told->end};
            note = style.time_note(piece);
        }
        if (!when) continue;
        lane.marks.push_back({*when, piece.range(), style.look(piece), style.label(lanes, piece),
                              style.title(lanes, piece) + note});
    }
    lane.linked = lane.marks.size();
    if (style.kind == LaneKind::kSegments) add_retransmissions(lanes, lane);
    return lane;
}

/// Of the marks that may be joined with those of other lanes.
std::vector<ByteRange> ranges_of(const TimedLane& lane) {
    std::vector<ByteRange> ranges;
    for (std::size_t i = 0; i < lane.linked; ++i) ranges.push_back(lane.marks[i].range);
    return ranges;
}

}  // namespace

Timeline::Timeline(const Lanes& of, std::size_t most, LaneTable styles)
    : remarks(words::remarks(of)) {
    const auto first = [most](std::span<const LanePiece> pieces) {
        return pieces.first(std::min(pieces.size(), most));
    };
    const auto segments = first(of.pieces(LaneKind::kSegments));
    bool cut = false;
    for (const Lane& lane : of.lanes) {
        const LaneStyle* style = style_of(styles, lane.kind);
        if (style == nullptr || !style->in_time) continue;
        cut = cut || lane.pieces.size() > most;
        lanes.push_back(timed_lane(of, *style, first(lane.pieces), segments));
    }
    if (cut)
        remarks.push_back("Of each lane the first " + words::count(most, "piece") +
                          " are here; a FILTER chooses others");
    std::erase_if(lanes, [](const TimedLane& lane) { return lane.marks.empty(); });
    for (std::size_t above = 0; above < lanes.size(); ++above)
        for (std::size_t below = above + 1; below < lanes.size(); ++below)
            if (lanes[above].name == "segments" || lanes[below].name == "segments")
                joined.push_back(
                    {above, below, links(ranges_of(lanes[above]), ranges_of(lanes[below]))});
    if (of.writes_from_tags)
        remarks.emplace_back(
            "Writes are known from tags alone, which have no time; record them to see them here");
    const auto holes = std::count_if(segments.begin(), segments.end(), [](const LanePiece& piece) {
        return piece.as<SegmentPiece>().segment == nullptr;
    });
    if (holes > 0)
        remarks.push_back(words::count(static_cast<std::uint64_t>(holes), "run") +
                          " of bytes that no frame of the capture has: not drawn");
}

}  // namespace seamark
