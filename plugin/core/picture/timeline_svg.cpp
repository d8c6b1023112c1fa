// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline_svg.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/number_text.hpp"
#include "core/picture/lanes_svg.hpp"
#include "core/picture/legs_timeline.hpp"
#include "core/picture/svg_page.hpp"
#include "core/picture/timeline.hpp"
#include "core/picture/timeline_rows.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

constexpr double kLeft = SvgPage::kLeft;
constexpr double kDrawn = SvgPage::kDrawn;
constexpr double kRow = PlacedLane::kRow;
constexpr double kPoint = TimeBand::kPoint;
constexpr double kBox = 14;
constexpr double kLinks = 26;  // between two lanes: room for the lines
constexpr double kGap = 26;
constexpr double kLine = 18;

/// The moments of two marks that a line joins: where they are closest.
std::pair<std::int64_t, std::int64_t> closest(TimeSpan above, TimeSpan below) {
    if (above.end < below.begin) return {above.end, below.begin};
    if (below.end < above.begin) return {above.begin, below.end};
    const std::int64_t both = std::max(above.begin, below.begin);
    return {both, both};
}

class Picture {
  public:
    Picture(LaneTable styles, const DelayBands& delays) : styles_(styles), delays_(delays) {}

    void draw(const Lanes& lanes);
    void draw(const StackedLegs& stack);
    bool full() const { return pieces_ >= kMostSvgPieces || bands_ >= kMostSvgBands; }
    void say(std::string_view line, std::string_view kind = "note") {
        y_ += kLine;
        page_.text(kLeft, y_, kind, line);
    }
    void write(const LineSink& sink) const { page_.write(y_ + kGap, sink); }

  private:
    bool take_piece() {
        cut_ = cut_ || pieces_ >= kMostSvgPieces;
        return pieces_++ < kMostSvgPieces;
    }
    void draw(const Timeline& line, std::optional<std::int64_t> zero);
    void draw_band(const TimeBand& band, const std::vector<JoinedLanes>& joined);
    void draw_axis(const TimeBand& band);
    void draw_idles(const TimeBand& band, double top, double bottom);
    void draw_links(const TimeBand& band, const std::vector<PlacedLane>& placed,
                    const JoinedLanes& joined);
    void draw_marks(const TimeBand& band, const TimedLane& lane, const PlacedLane& placed);
    void draw_divided(const TimeBand& band, const TimedLane& lane, const PlacedLane& placed);
    void draw_legend(const Timeline& line);

    LaneTable styles_;
    const DelayBands& delays_;
    SvgPage page_;
    double y_ = 10;
    bool cut_ = false;  // a band had more than there was room for
    std::size_t pieces_ = 0;
    std::size_t bands_ = 0;
};

void Picture::draw(const Lanes& lanes) {
    say(words::heading(lanes) + ", " + words::end_point(lanes.source()) + " → " +
            words::end_point(lanes.destination()),
        "heading");
    Timeline line(lanes, kMostSvgPieces, styles_);
    add_delays(line, delays_.of(lanes), kMostSvgPieces);
    draw(line, words::first_time(lanes));
}

void Picture::draw(const StackedLegs& stack) {
    say(words::heading(stack), "heading");
    say("Both legs on one axis, which counts from the downstream connection's first segment; "
        "titles count from that of the piece's own connection.");
    Timeline line = legs_timeline(stack, kMostSvgPieces, styles_);
    add_delays(line, delays_.of(stack), kMostSvgPieces);
    draw(line, words::first_time(stack.downstream.lanes));
}

void Picture::draw(const Timeline& line, std::optional<std::int64_t> first) {
    for (const std::string& remark : line.remarks) say(remark);
    for (const std::string& sentence : line.verdict) say(sentence);
    draw_legend(line);
    std::vector<TimeSpan> spans;
    for (const TimedLane& lane : line.lanes)
        for (const Mark& mark : lane.marks) spans.push_back(mark.when);
    if (spans.empty()) {
        say("Nothing of it has a time.");
        return;
    }
    const TimeScale scale(spans);
    std::int64_t idle = 0;
    for (const TimeScale::Idle& one : scale.idles()) idle += one.when.end - one.when.begin;
    if (idle > 0)
        say(words::milliseconds(idle) + " of " + words::milliseconds(scale.last() - scale.first()) +
            ", in which nothing begins or ends, are drawn short: " +
            words::count(scale.idles().size(), "grey band") + ", ↔ and the length above each.");
    const std::int64_t zero = first.value_or(scale.first());
    for (int band = 0; band * kDrawn <= scale.width(); ++band) {
        const double from = band * kDrawn;
        if (cut_ || full()) {
            say("… the rest of it is left out here: the picture is full. A FILTER "
                "chooses other bytes.");
            break;
        }
        draw_band({line, scale, zero, from, from + kDrawn}, line.joined);
    }
    y_ += kGap;
}

void Picture::draw_band(const TimeBand& band, const std::vector<JoinedLanes>& joined) {
    ++bands_;
    y_ += kGap / 2;
    draw_axis(band);
    const double top = y_;
    std::vector<PlacedLane> placed;
    for (const TimedLane& lane : band.line.lanes) {
        placed.push_back(place(band, lane));
        placed.back().top = y_;
        y_ += static_cast<double>(placed.back().count) * kRow + kLinks;
    }
    y_ -= kLinks;
    draw_idles(band, top, y_);
    for (const JoinedLanes& one : joined) draw_links(band, placed, one);
    for (std::size_t i = 0; i < placed.size(); ++i) {
        const TimedLane& lane = band.line.lanes[i];
        page_.text(kLeft - 8, placed[i].top + 11, "lane", lane.name);
        if (lane.divided) {
            draw_divided(band, lane, placed[i]);
        } else {
            draw_marks(band, lane, placed[i]);
        }
    }
    y_ += kGap / 2;
}

void Picture::draw_axis(const TimeBand& band) {
    y_ += kLine;
    const auto step =
        static_cast<std::int64_t>(round_step(static_cast<std::uint64_t>(band.scale.stretch(90))));
    double free = kLeft;  // where the next label may begin
    const auto label = [&](double pixels, const std::string& text, double limit) {
        const double x = band.x(pixels);
        if (x < free || x + text_width(text) > limit) return;
        page_.text(x, y_ - 6, "axis", text);
        free = x + text_width(text);
    };
    // Each stretch between two that are drawn short, or at the ends. limit: where a label begins
    // that matters more.
    std::int64_t begin = band.scale.first();
    const auto ticks_to = [&](std::int64_t end, double limit) {
        for (auto at = band.zero + (begin - band.zero) / step * step; at <= end; at += step) {
            const double pixels = band.scale.at(at);
            if (at < begin || pixels < band.from) continue;
            if (pixels > band.to) return;
            page_.tick(band.x(pixels), y_ - 4, 4);
            label(pixels, words::milliseconds(at - band.zero), limit);
        }
    };
    constexpr double kNoLimit = 2 * SvgPage::kWidth;
    for (const TimeScale::Idle& idle : band.scale.idles()) {
        const bool here = idle.x >= band.from && idle.x < band.to;
        ticks_to(idle.when.begin, here ? band.x(idle.x) : kNoLimit);
        begin = idle.when.end;
        if (here)
            label(idle.x, "↔ " + words::milliseconds(idle.when.end - idle.when.begin), kNoLimit);
    }
    ticks_to(band.scale.last(), kNoLimit);
}

void Picture::draw_idles(const TimeBand& band, double top, double bottom) {
    for (const TimeScale::Idle& idle : band.scale.idles()) {
        const double x = band.x(idle.x);
        const double end = band.x(idle.x + TimeScale::kIdleWidth);
        if (end <= x) continue;
        if (!take_piece()) return;
        page_.rect(x, top, end - x, bottom - top, "idle",
                   "nothing begins or ends for " +
                       words::milliseconds(idle.when.end - idle.when.begin) + ": drawn short");
    }
}

void Picture::draw_links(const TimeBand& band, const std::vector<PlacedLane>& placed,
                         const JoinedLanes& joined) {
    const TimedLane& upper = band.line.lanes[joined.above];
    const TimedLane& lower = band.line.lanes[joined.below];
    for (const auto& [a, b] : joined.marks) {
        const auto [from, to] = closest(upper.marks[a].when, lower.marks[b].when);
        const double from_x = band.scale.at(from);
        const double to_x = band.scale.at(to);
        if (std::max(from_x, to_x) < band.from || std::min(from_x, to_x) > band.to) continue;
        const double from_y = placed[joined.above].y(a) + kBox;
        const double to_y = placed[joined.below].y(b);
        // What lies in another band is cut off at the edge.
        const auto y_at = [&](double x) {
            if (from_x == to_x) return x == from_x ? from_y : to_y;
            return from_y + (to_y - from_y) * (x - from_x) / (to_x - from_x);
        };
        const double begin = std::clamp(from_x, band.from, band.to);
        const double end = std::clamp(to_x, band.from, band.to);
        if (!take_piece()) return;
        page_.line(band.x(begin) + kPoint / 2, from_x == to_x ? from_y : y_at(begin),
                   band.x(end) + kPoint / 2, from_x == to_x ? to_y : y_at(end), "link");
    }
}

void Picture::draw_marks(const TimeBand& band, const TimedLane& lane, const PlacedLane& placed) {
    for (std::size_t i = 0; i < lane.marks.size(); ++i) {
        if (placed.rows[i] == PlacedLane::kNowhere) continue;
        if (!take_piece()) return;
        const Mark& mark = lane.marks[i];
        const double x = band.x(mark.when.begin);
        const double width = band.width(mark);
        page_.rect(x, placed.y(i), width, kBox, mark.kind, mark.title);
        if (!placed.labelled[i]) continue;
        if (band.fits(mark)) {
            page_.text(x + width / 2, placed.y(i) + 11, "label", mark.label);
        } else {
            page_.text(x + width + 2, placed.y(i) + 11, "note", mark.label);
        }
    }
}

/// Each event as long as its time, divided into layers.
void Picture::draw_divided(const TimeBand& band, const TimedLane& lane, const PlacedLane& placed) {
    constexpr double kEdge = 1.5;  // around what is not known
    for (std::size_t i = 0; i < lane.marks.size(); ++i) {
        if (placed.rows[i] == PlacedLane::kNowhere) continue;
        const Mark& mark = lane.marks[i];
        const double y = placed.y(i);
        std::int64_t at = mark.when.begin;
        for (const MarkPart& part : mark.parts) {
            const TimeSpan when{at, at + part.ns};
            at = when.end;
            const double width = band.x(when.end) - band.x(when.begin);
            if (width < 0.3) continue;
            if (!take_piece()) return;
            const double x = band.x(when.begin);
            if (part.known) {
                page_.rect(x, y, width, kBox, part.kind);
            } else {
                page_.rect(x + kEdge / 2, y + kEdge / 2, std::max(width - kEdge, 0.1), kBox - kEdge,
                           std::string(part.kind) + " share");
            }
            if (part.label.empty()) continue;
            // As much of it as there is room for: all, without the time, or the event's number.
            const std::string brief =
                part.label.substr(0, part.label.find(' ', part.label.find(':') + 2));
            const std::string number = part.label.substr(0, part.label.find(':'));
            for (const std::string& text : {part.label, brief, number}) {
                if (text_width(text) > width) continue;
                page_.text(x + width / 2, y + 11, part.known ? "label" : "what", text);
                break;
            }
        }
        if (!take_piece()) return;
        const double x = band.x(mark.when.begin);
        page_.rect(x, y, band.width(mark), kBox, mark.kind, mark.title);
        if (mark.parts.empty() && band.fits(mark))
            page_.text(x + band.width(mark) / 2, y + 11, "what", mark.label);
    }
    if (placed.hidden > 0)
        page_.text(kLeft + kDrawn + 4, placed.top + 11, "note", "+" + words::text(placed.hidden));
}

/// The colours of layers, where events are divided into them.
void Picture::draw_legend(const Timeline& line) {
    if (line.legend.empty()) return;
    constexpr double kSwatch = 18;
    y_ += kLine;
    double x = kLeft;
    for (const auto& [kind, word] : line.legend) {
        page_.rect(x, y_ - 9, kSwatch, 10, kind);
        page_.text(x + kSwatch + 4, y_, "note", word);
        x += kSwatch + 16 + text_width(word);
    }
    page_.text(x, y_, "note",
               "filled: known; hollow, ?: consistent, not proved. +n at the right: so many shorter "
               "ones have no row.");
}

}  // namespace

void write_timeline_svg(const std::vector<Lanes>& all, const LineSink& sink,
                        const std::vector<StackedLegs>& stacks, LaneTable styles,
                        const DelayBands& delays) {
    Picture picture(styles, delays);
    if (all.empty()) {
        picture.say("No HTTP/1.x stream matches.", "heading");
    } else {
        picture.say(
            "Time from left to right, from the connection's first segment on. Writes and reads "
            "last from entry to return, chunks from the capture of their first byte to that of "
            "their");
        picture.say(
            "last; a segment is a moment. Lines join segments with what shares their bytes. Calls "
            "are timed by "
            "the recorder's clock, segments by that of the capture. Point at a piece for its "
            "numbers.");
    }
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        if (picture.full()) {
            picture.say(
                "… " + words::count(stacks.size() - i, "more pair") +
                " of legs left out here: the picture is full. A FILTER chooses other bytes.");
            break;
        }
        picture.draw(stacks[i]);
    }
    const std::vector<const Lanes*> ordered = responses_first(all);
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        if (picture.full()) {
            picture.say("… " + words::count(ordered.size() - i, "more direction") +
                        " left out here: the picture is full. A FILTER chooses other bytes.");
            break;
        }
        picture.draw(*ordered[i]);
    }
    picture.write(sink);
}

}  // namespace seamark
