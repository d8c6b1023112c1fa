// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "core/base/number_text.hpp"
#include "core/picture/capture_times.hpp"
#include "core/picture/retransmissions.hpp"
#include "core/report/delay_words.hpp"
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
    TimedLane lane{std::string(style.names.picture), {}, 0, false};
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

Mark delay_mark(const DelayBand& band, std::size_t at) {
    const DelayRow& row = band.rows[at];
    const EventDelay& delay = row.delay;
    const DelayShare* holder = delay.holder();
    const std::string number = words::text(delay.number);
    Mark mark{row.when(), row.bytes, "event", number, band.titles[at]};
    if (!delay.comparable) {
        // By two clocks: a share could be anything.
        mark.label += ": times run back";
        return mark;
    }
    for (std::size_t i = 0; i < delay.shares.size(); ++i) {
        const DelayShare& share = delay.shares[i];
        const bool known = share.confidence == Confidence::kKnown;
        MarkPart part{share.ns, look_of(share.layer), known};
        if (&share == holder) {
            part.label = number + ": " + std::string(name_of(band.columns[row.columns[i]])) +
                         (known ? " " : "? ") + words::milliseconds(share.ns);
            mark.label = part.label;
        }
        mark.parts.push_back(std::move(part));
    }
    return mark;
}

}  // namespace

void add_delays(Timeline& line, const std::vector<DelayBand>& bands, std::size_t most) {
    if (bands.empty()) return;
    TimedLane lane{bands.front().events ? "time of events" : "time of chunks", {}, 0, true};
    for (const DelayBand& band : bands) {
        for (std::size_t i = 0; i < std::min(band.rows.size(), most); ++i)
            lane.marks.push_back(delay_mark(band, i));
        if (band.rows.size() > most)
            line.remarks.push_back("Of the times of events the first " + words::text(most) +
                                   " are here; a FILTER chooses others");
        for (const std::string& clock : band.clocks) line.remarks.push_back("Clocks: " + clock);
        for (std::size_t i = 0; i < band.columns.size(); ++i) {
            const std::pair entry{look_of(band.columns[i].layer), to_string(band.columns[i].layer)};
            if (band.has_time(i) &&
                std::find(line.legend.begin(), line.legend.end(), entry) == line.legend.end())
                line.legend.push_back(entry);
        }
    }
    line.verdict = wrapped_verdict(bands);
    line.lanes.insert(line.lanes.begin(), std::move(lane));
    for (JoinedLanes& joined : line.joined) {
        ++joined.above;
        ++joined.below;
    }
}

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
