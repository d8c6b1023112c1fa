// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/legs_svg.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

using LegPlaces = std::array<std::size_t, LegLanes::kLanes>;

/// How far each lane has been drawn.
struct Places {
    LegPlaces upstream{};
    LegPlaces downstream{};
    std::size_t held = 0;
};

void add_lanes(const LegLanes& leg, std::vector<const BodyLane*>& lanes) {
    for (const BodyLane& lane : leg.body) lanes.push_back(&lane);
}

std::uint64_t length_of(const std::vector<BodyRange>& shown,
                        const std::vector<const BodyLane*>& lanes) {
    std::vector<std::uint64_t> lengths;
    for (const BodyRow& row : body_rows(shown, lanes)) lengths.push_back(row.range.length());
    std::uint64_t longest = 0;
    for (const BodyRange range : shown) longest = std::max(longest, range.length());
    return band_length(std::move(lengths), longest);
}

class LegsPicture {
  public:
    LegsPicture(const StackedLegs& stack, BandPage& page) : stack_(stack), page_(page) {}

    void draw_stacked() {
        std::vector<const BodyLane*> lanes;
        add_lanes(stack_.upstream, lanes);
        lanes.push_back(&stack_.held);
        add_lanes(stack_.downstream, lanes);
        const auto& shown = stack_.upstream.shown;
        draw_bands(shown, length_of(shown, lanes), [&](const Band& band) {
            draw_leg(stack_.upstream, "up ", places_.upstream, band);
            draw_held(band);
            draw_leg(stack_.downstream, "down ", places_.downstream, band);
        });
    }

    void draw_alone(const LegLanes& leg) {
        page_.say(words::leg_ends(stack_, leg));
        if (leg.shown.front().empty()) return;
        std::vector<const BodyLane*> lanes;
        add_lanes(leg, lanes);
        LegPlaces places{};
        draw_bands(leg.shown, length_of(leg.shown, lanes),
                   [&](const Band& band) { draw_leg(leg, "", places, band); });
    }

  private:
    template <typename Draw>
    void draw_bands(const std::vector<BodyRange>& shown, std::uint64_t length, Draw draw) {
        page_.bands(
            shown, length, "body offset", [](std::uint64_t at) { return at; }, draw);
    }

    void draw_held(const Band& band) {
        page_.lane(band, "held", stack_.held, places_.held, [&](const BodyPiece& piece) {
            const MatchedRun& run = stack_.runs[piece.piece];
            page_.piece(band, piece.range.begin, piece.range.end, "held",
                        words::milliseconds(run.held()), words::title(run));
        });
    }

    void draw_leg(const LegLanes& leg, const std::string& prefix, LegPlaces& places,
                  const Band& band) {
        const Lanes& lanes = leg.lanes;
        const auto draw = [&](BodyRange range, std::string_view kind, const std::string& label,
                              std::string title) {
            const std::string held = words::held(stack_, range);
            if (!held.empty()) title += "; " + held;
            page_.piece(band, range.begin, range.end, kind, label, title);
        };
        const auto calls = [&](const std::vector<CallPiece>& pieces, const char* noun) {
            return [&, noun](const BodyPiece& piece) {
                const CallPiece& call = pieces[piece.piece];
                draw(piece.range, noun, words::lane_label(call, noun == std::string_view("write")),
                     words::title(lanes, call, noun));
            };
        };
        page_.lane(band, prefix + (lanes.writes_from_tags ? "tags" : "writes"),
                   leg.body[LegLanes::kWrites], places[LegLanes::kWrites],
                   calls(lanes.writes, "write"));
        page_.lane(band, prefix + "chunks", leg.body[LegLanes::kChunks], places[LegLanes::kChunks],
                   [&](const BodyPiece& piece) {
                       const ChunkPiece& chunk = lanes.chunks[piece.piece];
                       draw(piece.range, chunk.chunk != nullptr ? "chunk" : "other",
                            words::label(lanes, chunk), words::title(lanes, chunk));
                   });
        page_.lane(band, prefix + "segments", leg.body[LegLanes::kSegments],
                   places[LegLanes::kSegments], [&](const BodyPiece& piece) {
                       const SegmentPiece& segment = lanes.segments[piece.piece];
                       draw(piece.range, segment.segment != nullptr ? "segment" : "missing",
                            words::label(segment),
                            words::title(lanes, segment) + words::why(lanes, segment));
                   });
        page_.lane(band, prefix + "reads", leg.body[LegLanes::kReads], places[LegLanes::kReads],
                   calls(lanes.reads, "read"));
    }

    const StackedLegs& stack_;
    BandPage& page_;
    Places places_;
};

}  // namespace

void draw_legs_svg(const StackedLegs& stack, BandPage& page) {
    page.say(words::heading(stack), "heading");
    for (const std::string& remark : words::remarks(stack)) page.say(remark);
    LegsPicture picture(stack, page);
    if (stack.matched()) {
        for (const LegLanes* leg : {&stack.upstream, &stack.downstream})
            page.say(words::leg_ends(stack, *leg));
        picture.draw_stacked();
    } else {
        for (const LegLanes* leg : {&stack.upstream, &stack.downstream}) picture.draw_alone(*leg);
    }
}

}  // namespace seamark
