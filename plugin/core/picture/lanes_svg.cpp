// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/lanes_svg.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/picture/band_page.hpp"
#include "core/picture/legs_svg.hpp"
#include "core/report/piece_words.hpp"
#include "core/lanes/wire_lane.hpp"

namespace seamark {
namespace {

std::uint64_t length_of(const Lanes& lanes) {
    std::vector<std::uint64_t> lengths;
    for (const LaneRow& row : lane_rows(lanes)) lengths.push_back(row.range.length());
    std::uint64_t longest = 0;
    for (const ByteRange range : lanes.shown) longest = std::max(longest, range.length());
    return band_length(std::move(lengths), longest);
}

/// How far each lane has been drawn.
struct Places {
    std::size_t write = 0, chunk = 0, segment = 0, wire = 0, read = 0;
};

/// Darkens what is not data: size line, line end, trailer section.
void shade_ends(BandPage& page, const Band& band, const ChunkPiece& piece) {
    if (piece.chunk == nullptr) return;
    for (const ByteRange part : {piece.chunk->header(), piece.chunk->tail()}) {
        const ByteRange here = intersect(part, piece.range);
        page.foot(band, here.begin, here.end);
    }
}

void draw_band(BandPage& page, const Lanes& lanes, const std::vector<WirePiece>& wire,
               const Band& band, Places& places) {
    const auto draw = [&](ByteRange range, std::string_view kind, const std::string& label,
                          std::string_view title) {
        page.piece(band, range.begin, range.end, kind, label, title);
    };
    const auto calls = [&](const char* noun) {
        return [&, noun](const CallPiece& piece) {
            draw(piece.range, noun, words::lane_label(piece, noun == std::string_view("write")),
                 words::title(lanes, piece, noun));
        };
    };
    page.lane(band, lanes.writes_from_tags ? "writes (tags)" : "writes", lanes.writes,
              places.write, calls("write"));
    page.lane(band, "chunks", lanes.chunks, places.chunk, [&](const ChunkPiece& piece) {
        draw(piece.range, piece.chunk != nullptr ? "chunk" : "other", words::label(lanes, piece),
             words::title(lanes, piece));
        shade_ends(page, band, piece);
    });
    page.lane(band, "segments", lanes.segments, places.segment, [&](const SegmentPiece& piece) {
        draw(piece.range, piece.segment != nullptr ? "segment" : "missing", words::label(piece),
             words::title(lanes, piece) + words::why(lanes, piece));
    });
    page.lane(band, "wire", wire, places.wire, [&](const WirePiece& piece) {
        draw(piece.range, "packet", words::label(piece), words::title(lanes, piece));
    });
    page.lane(band, "reads", lanes.reads, places.read, calls("read"));
}

void draw(BandPage& page, const Lanes& lanes) {
    page.say(words::heading(lanes) + ", " + words::end_point(lanes.source()) + " → " +
                 words::end_point(lanes.destination()),
             "heading");
    for (const std::string& remark : words::remarks_without_time(lanes)) page.say(remark);
    const std::vector<WirePiece> wire = wire_lane(lanes);
    if (!wire.empty())
        page.say(
            "The wire's lane is computed: packets of at most the MSS that the segments are on a "
            "wire.");
    Places places;
    page.bands(
        lanes.shown, length_of(lanes), "offset", [&](StreamOffset at) { return lanes.offset(at); },
        [&](const Band& band) { draw_band(page, lanes, wire, band, places); });
}

}  // namespace

void write_lanes_svg(const std::vector<Lanes>& all, const LineSink& sink,
                     const std::vector<StackedLegs>& stacks) {
    BandPage page;
    if (all.empty()) page.say("No HTTP/1.x stream matches.", "heading");
    if (!all.empty())
        page.say(
            "Bytes from left to right, to scale. The dark feet of a chunk are its size line and "
            "what follows its data. Segments: index, frame:bytes, ×packets. Point at a piece for "
            "its "
            "numbers.");
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        if (page.full()) {
            page.say("… " + std::to_string(stacks.size() - i) +
                     " more pairs of legs are left out here: the picture is full. A FILTER chooses "
                     "other bytes.");
            break;
        }
        draw_legs_svg(stacks[i], page);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (page.full()) {
            page.say("… " + std::to_string(all.size() - i) +
                     " more directions are left out here: the picture is full. A FILTER chooses "
                     "other bytes.");
            break;
        }
        draw(page, all[i]);
    }
    page.write(sink);
}

}  // namespace seamark
