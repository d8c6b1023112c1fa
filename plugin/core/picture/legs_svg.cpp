// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/legs_svg.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/picture/band_marks.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

/// How far each lane of a leg has been drawn, and its causes.
struct LegPlaces {
    LegPlaces(const LegLanes& leg, const Leg& of) : lanes(leg.body.size(), 0) {
        const PageMarks marks(leg.lanes);
        for (const Lane& lane : leg.lanes.lanes)
            causes.emplace_back(marks, lane, [&](ByteRange range) -> std::optional<AxisRange> {
                if (of.body() == nullptr) return std::nullopt;
                const BodyRange body = of.body()->map.in_body(range);
                if (body.empty()) return std::nullopt;
                return on_axis(body);
            });
    }
    std::vector<std::size_t> lanes;
    std::vector<BandMarks> causes;
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
    LegsPicture(const StackedLegs& stack, BandPage& page, LaneTable styles)
        : stack_(stack), page_(page), styles_(styles) {}

    void draw_stacked() {
        std::vector<const BodyLane*> lanes;
        add_lanes(stack_.upstream, lanes);
        lanes.push_back(&stack_.held);
        add_lanes(stack_.downstream, lanes);
        const auto& shown = stack_.upstream.shown;
        LegPlaces upstream(stack_.upstream, stack_.pair->upstream);
        LegPlaces downstream(stack_.downstream, stack_.pair->downstream);
        std::size_t held = 0;
        draw_bands(shown, length_of(shown, lanes), [&](const Band& band) {
            draw_leg(stack_.upstream, "up ", upstream, band);
            draw_held(held, band);
            draw_leg(stack_.downstream, "down ", downstream, band);
        });
    }

    void draw_alone(const LegLanes& leg) {
        page_.say(words::leg_ends(stack_, leg));
        if (leg.shown.front().empty()) return;
        std::vector<const BodyLane*> lanes;
        add_lanes(leg, lanes);
        LegPlaces places(
            leg, &leg == &stack_.upstream ? stack_.pair->upstream : stack_.pair->downstream);
        draw_bands(leg.shown, length_of(leg.shown, lanes),
                   [&](const Band& band) { draw_leg(leg, "", places, band); });
    }

  private:
    template <typename Draw>
    void draw_bands(const std::vector<BodyRange>& shown, std::uint64_t length, Draw draw) {
        page_.bands(
            shown, length, "body offset", [](BodyOffset at) { return at.value; }, draw);
    }

    void draw_held(std::size_t& place, const Band& band) {
        page_.lane(band, "held", stack_.held, place, [&](const BodyPiece& piece) {
            const MatchedRun& run = stack_.runs[piece.piece];
            page_.piece(band, on_axis(piece.bytes), "held", words::milliseconds(run.held()),
                        words::title(run));
        });
    }

    void draw_leg(const LegLanes& leg, const std::string& prefix, LegPlaces& places,
                  const Band& band) {
        for (std::size_t i = 0; i < leg.body.size(); ++i) {
            const Lane& lane = leg.lanes.lanes[i];
            const LaneStyle* style = style_of(styles_, lane.kind);
            if (style == nullptr) continue;
            places.causes[i].draw(page_, band, prefix + "cause");
            page_.lane(band, prefix + std::string(style->named(leg.lanes).leg_picture), leg.body[i],
                       places.lanes[i], [&](const BodyPiece& body) {
                           const LanePiece& piece = lane.pieces[body.piece];
                           std::string title = style->title(leg.lanes, piece);
                           const std::string held = words::held(stack_, body.bytes);
                           if (!held.empty()) title += "; " + held;
                           page_.piece(band, on_axis(body.bytes), style->look(piece),
                                       style->label(leg.lanes, piece), title);
                       });
        }
    }

    const StackedLegs& stack_;
    BandPage& page_;
    LaneTable styles_;
};

}  // namespace

void draw_legs_svg(const StackedLegs& stack, BandPage& page, LaneTable styles,
                   const std::vector<std::string>& verdict) {
    page.say(words::heading(stack), "heading");
    for (const std::string& remark : words::remarks(stack)) page.say(remark);
    for (const std::string& line : verdict) page.say(line);
    LegsPicture picture(stack, page, styles);
    if (stack.matched()) {
        for (const LegLanes* leg : {&stack.upstream, &stack.downstream})
            page.say(words::leg_ends(stack, *leg));
        picture.draw_stacked();
    } else {
        for (const LegLanes* leg : {&stack.upstream, &stack.downstream}) picture.draw_alone(*leg);
    }
}

}  // namespace seamark
