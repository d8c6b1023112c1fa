// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/lanes_svg.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/picture/band_marks.hpp"
#include "core/picture/band_page.hpp"
#include "core/picture/legs_svg.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

std::uint64_t length_of(const Lanes& lanes) {
    std::vector<std::uint64_t> lengths;
    for (const LaneRow& row : lane_rows(lanes)) lengths.push_back(row.range.length());
    std::uint64_t longest = 0;
    for (const ByteRange range : lanes.shown) longest = std::max(longest, range.length());
    return band_length(std::move(lengths), longest);
}

/// Darkens what is not data.
void darken(BandPage& page, const Band& band, const LaneStyle& style, const LanePiece& piece) {
    if (style.dark == nullptr) return;
    std::array<ByteRange, 2> room;
    for (const ByteRange part : style.dark(piece, room)) page.foot(band, on_axis(part));
}

/// places: how far each lane has been drawn; causes: of each lane.
void draw_band(BandPage& page, const Lanes& lanes, LaneTable styles, const Band& band,
               std::vector<std::size_t>& places, std::vector<BandMarks>& causes) {
    for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
        const Lane& lane = lanes.lanes[i];
        const LaneStyle* style = style_of(styles, lane.kind);
        if (style == nullptr) continue;
        causes[i].draw(page, band, "cause");
        page.lane(band, style->named(lanes).picture, lane.pieces, places[i],
                  [&](const LanePiece& piece) {
                      page.piece(band, on_axis(piece.range()), style->look(piece),
                                 style->label(lanes, piece), style->title(lanes, piece));
                      darken(page, band, *style, piece);
                  });
    }
}

void draw(BandPage& page, const Lanes& lanes, LaneTable styles, const DelayBands& delays) {
    page.say(words::heading(lanes) + ", " + words::end_point(lanes.source()) + " → " +
                 words::end_point(lanes.destination()),
             "heading");
    for (const std::string& remark : words::remarks_without_time(lanes)) page.say(remark);
    for (const std::string& line : wrapped_verdict(delays.of(lanes))) page.say(line);
    if (!lanes.pieces(LaneKind::kWire).empty())
        page.say(
            "The wire's lane is computed: packets of at most the MSS that the segments are on a "
            "wire.");
    std::vector<std::size_t> places(lanes.lanes.size(), 0);
    const PageMarks marks(lanes);
    std::vector<BandMarks> causes;
    for (const Lane& lane : lanes.lanes)
        causes.emplace_back(
            marks, lane, [](ByteRange range) { return std::optional<AxisRange>(on_axis(range)); });
    page.bands(
        lanes.shown, length_of(lanes), "offset",
        [&](StreamOffset at) { return lanes.offset(at).value; },
        [&](const Band& band) { draw_band(page, lanes, styles, band, places, causes); });
}

}  // namespace

void write_lanes_svg(const std::vector<Lanes>& all, const LineSink& sink,
                     const std::vector<StackedLegs>& stacks, LaneTable styles,
                     const DelayBands& delays) {
    BandPage page;
    if (all.empty()) page.say("No HTTP/1.x stream matches.", "heading");
    if (!all.empty())
        page.say(
            "Bytes from left to right, to scale. The dark feet of a chunk are its size line and "
            "what follows its data. Segments: index, frame:bytes, ×packets. Point at a piece for "
            "its numbers.");
    if (!all.empty())
        page.say(
            "Cause: a bar over what was merged, held or read, a diamond where something was cut. "
            "Filled: known; hollow, ?: consistent, not proved. +n at the right: so many have no "
            "room for a label.");
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        if (page.full()) {
            page.say("… " + std::to_string(stacks.size() - i) +
                     " more pairs of legs are left out here: the picture is full. A FILTER chooses "
                     "other bytes.");
            break;
        }
        draw_legs_svg(stacks[i], page, styles, wrapped_verdict(delays.of(stacks[i])));
    }
    const std::vector<const Lanes*> ordered = responses_first(all);
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        if (page.full()) {
            page.say("… " + words::count(ordered.size() - i, "more direction") +
                     " left out here: the picture is full. A FILTER chooses other bytes.");
            break;
        }
        draw(page, *ordered[i], styles, delays);
    }
    page.write(sink);
}

}  // namespace seamark
