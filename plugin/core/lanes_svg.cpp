// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes_svg.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "core/piece_words.hpp"
#include "core/svg_page.hpp"

namespace seamark {
namespace {

constexpr double kLeft = SvgPage::kLeft;
constexpr double kDrawn = SvgPage::kDrawn;
constexpr double kLaneHeight = 20;
constexpr double kLaneGap = 3;
constexpr double kBandGap = 26;
constexpr double kAxis = 18;
constexpr std::uint64_t kPiecesABand = 24;  // of the most frequent length

double pixels(std::uint64_t bytes, std::uint64_t of) {
    return static_cast<double>(bytes) * kDrawn / static_cast<double>(of);
}

/// Bytes a band, so that most pieces are wide enough for a label.
std::uint64_t band_length(const Lanes& lanes) {
    std::vector<std::uint64_t> lengths;
    for (const LaneRow& row : lane_rows(lanes)) lengths.push_back(row.range.length());
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    std::uint64_t longest = 0;
    for (const ByteRange range : lanes.shown) longest = std::max(longest, range.length());
    return std::min(longest, round_step(*middle * kPiecesABand));
}

class Picture {
  public:
    void draw(const Lanes& lanes);
    /// Directions that found no room at all.
    void say_left_out(std::size_t directions);
    bool full() const { return pieces_ >= kMostSvgPieces || bands_ >= kMostSvgBands; }
    void say(std::string_view line, std::string_view kind = "note") {
        y_ += kAxis;
        page_.text(kLeft, y_, kind, line);
    }
    void write(const LineSink& sink) const { page_.write(y_ + kBandGap, sink); }

  private:
    /// One band: some bytes of a direction, and how far each lane has been drawn.
    struct Band {
        const Lanes& lanes;
        ByteRange range;
        std::uint64_t length;  // bytes from the left end to the right one
        double x(StreamOffset at) const { return kLeft + pixels(at - range.begin, length); }
    };
    struct Places {
        std::size_t write = 0, chunk = 0, segment = 0, read = 0;
    };

    void draw_band(const Band& band, Places& places);
    void draw_axis(const Band& band);
    template <typename P, typename Draw>
    void draw_lane(const Band& band, std::string_view name, const std::vector<P>& pieces,
                   std::size_t& place, Draw draw);
    void draw_piece(const Band& band, ByteRange piece, std::string_view kind,
                    const std::string& label, std::string_view title);
    void shade_ends(const Band& band, const ChunkPiece& piece);

    SvgPage page_;
    double y_ = 10;
    std::size_t pieces_ = 0;
    std::size_t bands_ = 0;
};

void Picture::draw(const Lanes& lanes) {
    const std::uint64_t length = band_length(lanes);
    say(words::heading(lanes) + ", " + words::end_point(lanes.source()) + " → " +
            words::end_point(lanes.destination()),
        "heading");
    for (const std::string& remark : words::remarks_without_time(lanes)) say(remark);
    Places places;
    std::uint64_t left = lanes.shown_bytes();
    for (const ByteRange shown : lanes.shown) {
        for (StreamOffset at = shown.begin; at < shown.end;) {
            if (full()) {
                say("… " + std::to_string(left) + " bytes from offset " +
                    std::to_string(lanes.offset(at)) +
                    " on are left out here: the picture is full. A FILTER chooses other bytes.");
                y_ += kBandGap;
                return;
            }
            const ByteRange range{at, at + std::min(length, shown.end - at)};
            draw_band({lanes, range, length}, places);
            left -= range.length();
            at = range.end;
        }
    }
    y_ += kBandGap;
}

void Picture::say_left_out(std::size_t directions) {
    say("… " + std::to_string(directions) +
        " more directions are left out here: the picture is full. A FILTER chooses other bytes.");
}

void Picture::draw_band(const Band& band, Places& places) {
    ++bands_;
    y_ += kBandGap / 2;
    draw_axis(band);
    const Lanes& lanes = band.lanes;
    const auto calls = [&](const char* noun) {
        return [&, noun](const CallPiece& piece) {
            const bool write = noun == std::string_view("write");
            std::string label = words::label(piece, write);
            // The lane's name says "tags" already, and there is seldom room.
            if (piece.call == nullptr) label.erase(0, label.find(' ') + 1);
            draw_piece(band, piece.range, noun, label, words::title(lanes, piece, noun));
        };
    };
    draw_lane(band, lanes.writes_from_tags() ? "writes (tags)" : "writes", lanes.writes,
              places.write, calls("write"));
    draw_lane(band, "chunks", lanes.chunks, places.chunk, [&](const ChunkPiece& piece) {
        draw_piece(band, piece.range, piece.chunk != nullptr ? "chunk" : "other",
                   words::label(lanes, piece), words::title(lanes, piece));
        shade_ends(band, piece);
    });
    draw_lane(band, "segments", lanes.segments, places.segment, [&](const SegmentPiece& piece) {
        draw_piece(band, piece.range, piece.segment != nullptr ? "segment" : "missing",
                   words::label(piece), words::title(lanes, piece));
    });
    draw_lane(band, "reads", lanes.reads, places.read, calls("read"));
    y_ += kBandGap / 2;
}

void Picture::draw_axis(const Band& band) {
    const Lanes& lanes = band.lanes;
    const std::uint64_t step = round_step(std::max<std::uint64_t>(1, band.length / 10));
    y_ += kAxis;
    const std::uint64_t begin = lanes.offset(band.range.begin);
    page_.text(kLeft, y_ - 6, "axis", "offset " + std::to_string(begin));
    page_.tick(kLeft, y_ - 4, 4);
    for (std::uint64_t at = (begin / step + 1) * step; at <= lanes.offset(band.range.end);
         at += step) {
        const double x = kLeft + pixels(at - begin, band.length);
        page_.tick(x, y_ - 4, 4);
        // Clear of the first label, whose width grows with the offset.
        const double first =
            (7.0 + static_cast<double>(std::to_string(begin).size())) * SvgPage::kCharacter;
        if (x - 20 > kLeft + first) page_.text(x - 8, y_ - 6, "axis", std::to_string(at));
    }
}

template <typename P, typename Draw>
void Picture::draw_lane(const Band& band, std::string_view name, const std::vector<P>& pieces,
                        std::size_t& place, Draw draw) {
    if (pieces.empty()) return;
    page_.text(kLeft - 8, y_ + 14, "lane", name);
    while (place < pieces.size() && pieces[place].range.end <= band.range.begin) ++place;
    for (std::size_t i = place; i < pieces.size() && pieces[i].range.begin < band.range.end; ++i)
        draw(pieces[i]);
    y_ += kLaneHeight + kLaneGap;
}

void Picture::draw_piece(const Band& band, ByteRange piece, std::string_view kind,
                         const std::string& label, std::string_view title) {
    ++pieces_;
    const ByteRange here = intersect(piece, band.range);
    const double x = band.x(here.begin);
    const double width = band.x(here.end) - x;
    // Neighbours are kept apart by a pixel, unless that would eat them up.
    page_.rect(x, y_, width > 3 ? width - 1 : width, kLaneHeight, kind, title);
    const auto fits = [&](std::string_view text) {
        return static_cast<double>(text.size() + 1) * SvgPage::kCharacter <= width;
    };
    const std::string_view text_kind = kind == "missing" ? "gap" : "label";
    const std::string goes_on = here.begin > piece.begin ? "… " : "";
    const std::string index = label.substr(0, label.find(' '));
    for (const std::string& text : {goes_on + label, goes_on + index, index}) {
        if (!fits(text)) continue;
        page_.text(x + width / 2, y_ + 14, text_kind, text);
        return;
    }
}

/// Darkens what is not data: size line, line end, trailer section.
void Picture::shade_ends(const Band& band, const ChunkPiece& piece) {
    if (piece.chunk == nullptr) return;
    for (const ByteRange part : {piece.chunk->header(), piece.chunk->tail()}) {
        const ByteRange here = intersect(intersect(part, piece.range), band.range);
        if (here.empty()) continue;
        page_.rect(band.x(here.begin), y_ + kLaneHeight - 4, band.x(here.end) - band.x(here.begin),
                   4, "frame");
    }
}

}  // namespace

void write_lanes_svg(const std::vector<Lanes>& all, const LineSink& sink) {
    Picture picture;
    if (all.empty()) picture.say("No HTTP/1.x stream matches.", "heading");
    if (!all.empty())
        picture.say(
            "Bytes from left to right, to scale. The dark feet of a chunk are its size line and "
            "what follows its data. Segments: index, frame:bytes, ×packets. Point at a piece for "
            "its "
            "numbers.");
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (picture.full()) {
            picture.say_left_out(all.size() - i);
            break;
        }
        picture.draw(all[i]);
    }
    picture.write(sink);
}

}  // namespace seamark
