// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline.hpp"

#include <algorithm>

#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

TimedLane call_lane(const Lanes& lanes, const std::vector<CallPiece>& calls, const char* noun,
                    std::string_view name) {
    TimedLane lane{std::string(name), {}, 0};
    const std::string_view kind = noun;
    for (const CallPiece& piece : calls) {
        if (piece.call == nullptr) continue;  // a tag has no time
        lane.marks.push_back(
            {{piece.call->entered, std::max(piece.call->entered, piece.call->left)},
             piece.range,
             kind,
             words::label(piece, kind == "write"),
             words::title(lanes, piece, noun) + ", returned after " +
                 words::milliseconds(piece.call->left - piece.call->entered)});
    }
    lane.linked = lane.marks.size();
    return lane;
}

TimedLane segment_lane(const Lanes& lanes) {
    TimedLane lane{"segments", {}, 0};
    for (const SegmentPiece& piece : lanes.segments) {
        if (piece.segment == nullptr) continue;
        const std::int64_t time = piece.segment->time;
        lane.marks.push_back({{time, time},
                              piece.range,
                              "segment",
                              words::label(piece),
                              words::title(lanes, piece) + words::why(lanes, piece)});
    }
    lane.linked = lane.marks.size();
    for (const Segment& segment : lanes.stream->lane().segments()) {
        const bool shown =
            std::any_of(lanes.shown.begin(), lanes.shown.end(),
                        [&](ByteRange range) { return range.overlaps(segment.range()); });
        if (!segment.retransmission() || !shown) continue;
        lane.marks.push_back(
            {{segment.time, segment.time},
             segment.range(),
             "missing",
             "again",
             "retransmission: " + words::title(lanes, SegmentPiece{segment.range(), &segment, 0})});
    }
    return lane;
}

/// segments: of the same lanes, whose marks say when bytes were captured.
TimedLane chunk_lane(const Lanes& lanes, const TimedLane& segments) {
    TimedLane lane{"chunks", {}, 0};
    std::size_t first = 0;
    for (const ChunkPiece& piece : lanes.chunks) {
        while (first < segments.linked && segments.marks[first].range.end <= piece.range.begin)
            ++first;
        std::vector<TimeSpan> captured;
        for (std::size_t i = first;
             i < segments.linked && segments.marks[i].range.begin < piece.range.end; ++i)
            captured.push_back(segments.marks[i].when);
        if (captured.empty()) continue;
        const auto [begin, end] = std::minmax_element(
            captured.begin(), captured.end(),
            [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
        lane.marks.push_back({{begin->begin, end->begin},
                              piece.range,
                              piece.chunk != nullptr ? "chunk" : "other",
                              words::label(lanes, piece),
                              words::title(lanes, piece) + "; captured within " +
                                  words::milliseconds(end->begin - begin->begin)});
    }
    lane.linked = lane.marks.size();
    return lane;
}

/// Of the marks that may be joined with those of other lanes.
std::vector<ByteRange> ranges_of(const TimedLane& lane) {
    std::vector<ByteRange> ranges;
    for (std::size_t i = 0; i < lane.linked; ++i) ranges.push_back(lane.marks[i].range);
    return ranges;
}

}  // namespace

Timeline::Timeline(const Lanes& whole, std::size_t most) : remarks(words::remarks(whole)) {
    Lanes of = whole;
    const bool cut =
        std::max({of.writes.size(), of.chunks.size(), of.segments.size(), of.reads.size()}) > most;
    if (cut) {
        const auto shorten = [most](auto& pieces) { pieces.resize(std::min(pieces.size(), most)); };
        shorten(of.writes), shorten(of.chunks), shorten(of.segments), shorten(of.reads);
        remarks.push_back("Of each lane the first " + words::count(most, "piece") +
                          " are here; a FILTER chooses others");
    }
    const TimedLane segments = segment_lane(of);
    lanes.push_back(call_lane(of, of.writes, "write", "writes"));
    lanes.push_back(chunk_lane(of, segments));
    lanes.push_back(segments);
    lanes.push_back(call_lane(of, of.reads, "read", "reads"));
    std::erase_if(lanes, [](const TimedLane& lane) { return lane.marks.empty(); });
    for (std::size_t above = 0; above < lanes.size(); ++above)
        for (std::size_t below = above + 1; below < lanes.size(); ++below)
            if (lanes[above].name == "segments" || lanes[below].name == "segments")
                joined.push_back(
                    {above, below, links(ranges_of(lanes[above]), ranges_of(lanes[below]))});
    if (of.writes_from_tags)
        remarks.emplace_back(
            "Writes are known from tags alone, which have no time; record them to see them here");
    const auto holes =
        std::count_if(of.segments.begin(), of.segments.end(),
                      [](const SegmentPiece& piece) { return piece.segment == nullptr; });
    if (holes > 0)
        remarks.push_back(words::count(static_cast<std::uint64_t>(holes), "run") +
                          " of bytes that no frame of the capture has: not drawn");
}

}  // namespace seamark
