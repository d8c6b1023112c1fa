// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_view.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "core/picture/capture_times.hpp"
#include "core/picture/page_delays.hpp"
#include "core/picture/page_lane.hpp"
#include "core/picture/page_marks.hpp"
#include "core/picture/retransmissions.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {
namespace {

/// Of a range of the stream; empty where the view has none of it.
using Axis = std::function<std::optional<OnAxis>(ByteRange)>;

/// The frame that shows a piece; kNone: that is asked of the segments with its bytes.
FrameNumber frame_of(LaneKind kind, const LanePiece& piece) {
    switch (kind) {
        case LaneKind::kSegments: {
            const Segment* segment = piece.as<SegmentPiece>().segment;
            return segment != nullptr ? segment->frame : FrameNumber::kNone;
        }
        case LaneKind::kWire:
            return piece.as<WirePiece>().segment->frame;
        case LaneKind::kUpperWrites:
        case LaneKind::kWrites:
        case LaneKind::kReads:
        case LaneKind::kUpperReads: {
            const CallRecord* call = piece.as<CallPiece>().call;
            return call != nullptr ? call->event : FrameNumber::kNone;
        }
        default:
            return FrameNumber::kNone;
    }
}

/// Writes the lanes of one direction, or of one leg, into a view.
class ViewWriter {
  public:
    ViewWriter(const Lanes& lanes, Axis axis, std::string prefix, PageTables& tables,
               JsonWriter& json, LaneTable styles)
        : lanes_(lanes),
          axis_(std::move(axis)),
          prefix_(std::move(prefix)),
          tables_(tables),
          json_(json),
          styles_(styles),
          clock_(!lanes.entry->connection->clock().missing()) {}

    void write_lanes() {
        const PageMarks marks(lanes_);
        for (const Lane& lane : lanes_.lanes) {
            const LaneStyle* style = style_of(styles_, lane.kind);
            if (style == nullptr || lane.pieces.empty()) continue;
            places_.assign(lane.pieces.size(), kNowhere);
            LaneColumns columns(tables_);
            std::int64_t next = 0;
            CaptureTimes captured(lanes_.pieces(LaneKind::kSegments));
            for (std::size_t i = 0; i < lane.pieces.size(); ++i) {
                const auto piece = page_piece(*style, lane.pieces[i], captured);
                if (!piece) continue;
                places_[i] = next++;
                columns.add(*piece);
            }
            std::vector<PageMark> why = marks.of(lane);
            if (!columns.empty())
                write_lane(style->layer.empty() ? style->names.picture : style->layer,
                           name_of(*style), columns, why);
            if (lane.kind == LaneKind::kSegments) segment_marks_ = std::move(why);
        }
        write_again(marks);
    }
    const std::vector<PageMark>& segment_marks() const { return segment_marks_; }

  private:
    static constexpr std::int64_t kNowhere = -1;

    /// With the calls into TLS beside them, those on the socket are not just "writes".
    std::string name_of(const LaneStyle& style) const {
        const LaneKind upper = style.kind == LaneKind::kWrites  ? LaneKind::kUpperWrites
                               : style.kind == LaneKind::kReads ? LaneKind::kUpperReads
                                                                : style.kind;
        const bool beside = upper != style.kind && !lanes_.pieces(upper).empty();
        return (beside ? "socket " : "") + std::string(style.named(lanes_).picture);
    }

    std::optional<PagePiece> page_piece(const LaneStyle& style, const LanePiece& piece,
                                        CaptureTimes& captured) {
        const auto bytes = axis_(piece.range());
        if (!bytes) return std::nullopt;
        PagePiece out{*bytes, {}, frame_of(style.kind, piece), style.look(piece), {}, {}, 0, 0};
        // With content, what the peers chose is in what the other pictures show.
        const bool own = !tables_.content || style.kind == LaneKind::kSegments;
        out.label =
            (own && style.page_label != nullptr ? style.page_label : style.label)(lanes_, piece);
        out.title =
            (own && style.page_title != nullptr ? style.page_title : style.title)(lanes_, piece);
        if (clock_ && style.in_time) {
            if (style.time == nullptr) {
                out.when = captured.of(piece.range());
            } else if (const auto time = style.time(piece)) {
                out.when = TimeSpan{time->begin, time->end};
            }
        }
        if (style.dark != nullptr) note_dark(style, piece, out);
        return out;
    }

    static void note_dark(const LaneStyle& style, const LanePiece& piece, PagePiece& out) {
        std::array<ByteRange, 2> room;
        for (const ByteRange part : style.dark(piece, room)) {
            if (part.empty()) continue;
            (part.begin == piece.range().begin ? out.front : out.back) = part.length();
        }
    }

    void write_lane(std::string_view layer, std::string_view name, LaneColumns& columns,
                    const std::vector<PageMark>& marks) {
        json_.begin_object();
        json_.field<"layer">(prefix_ + std::string(layer));
        json_.field<"name">(name);
        columns.write(json_);
        write_marks(marks);
        json_.end_object();
    }

    /// What was sent again, a lane of its own: its bytes are those of other segments.
    void write_again(const PageMarks& marks) {
        LaneColumns columns(tables_);
        std::vector<PageMark> why;
        places_.clear();
        each_retransmission(lanes_, [&](const Segment& segment) {
            const auto bytes = axis_(segment.range());
            if (!bytes) return;
            PagePiece piece{*bytes, {}, segment.frame, "missing", "again", {}, 0, 0};
            piece.title = "retransmission: " +
                          words::title(lanes_, SegmentPiece{segment.range(), &segment, 0});
            if (clock_) piece.when = TimeSpan{segment.time, segment.time};
            columns.add(piece);
            why.push_back(marks.of(segment, places_.size()));
            places_.push_back(static_cast<std::int64_t>(places_.size()));
        });
        if (!columns.empty()) write_lane("kernel", "sent again", columns, why);
    }

    void write_marks(const std::vector<PageMark>& marks) {
        if (marks.empty()) return;
        PageColumn piece, gap, size, first, last, wait, cause, sure, kind, count;
        TextColumn text(tables_.shapes);
        std::int64_t at = 0;
        std::int64_t time = 0;
        const CallLane& writes = lanes_.stream->writes();
        for (const PageMark& mark : marks) {
            const auto where = axis_on(mark.where);
            if (!where || places_[mark.piece] == kNowhere) continue;
            const Verdict& verdict = mark.verdict;
            piece.step(places_[mark.piece]);
            gap.number(static_cast<std::int64_t>(where->begin) - at);
            at = static_cast<std::int64_t>(where->begin);
            size.number(static_cast<std::int64_t>(where->end - where->begin));
            const bool waited = clock_ && mark.until > mark.first;
            first.number(waited ? mark.first - tables_.epoch - time : 0);
            if (waited) time = mark.first - tables_.epoch;
            last.number(waited ? std::clamp(mark.last, mark.first, mark.until) - mark.first : 0);
            wait.number(waited ? mark.until - mark.first : 0);
            cause.number(tables_.place_of_causes(verdict.causes));
            sure.number(static_cast<int>(verdict.confidence));
            kind.number(static_cast<int>(verdict.boundary));
            count.number(static_cast<std::int64_t>(verdict.boundaries));
            text.add(words::sentence(verdict));
            text.number(static_cast<std::int64_t>(verdict.evidence.size()));
            for (const Evidence& evidence : verdict.evidence)
                text.add(words::sentence(evidence, writes));
        }
        json_.key<"marks">();
        json_.begin_object();
        put_column<"piece">(json_, piece);
        put_column<"gap">(json_, gap);
        put_column<"size">(json_, size);
        put_column<"first">(json_, first);
        put_column<"last">(json_, last);
        put_column<"wait">(json_, wait);
        put_column<"cause">(json_, cause);
        put_column<"sure">(json_, sure);
        put_column<"kind">(json_, kind);
        put_column<"boundaries">(json_, count);
        put_column<"text">(json_, text);
        json_.end_object();
    }

    /// A boundary has no bytes: it lies where the byte in front of it ends.
    std::optional<OnAxis> axis_on(ByteRange range) const {
        if (!range.empty()) return axis_(range);
        const auto before = axis_({range.begin - 1, range.begin});
        if (!before) return std::nullopt;
        return OnAxis{before->end, before->end};
    }

    const Lanes& lanes_;
    Axis axis_;
    std::string prefix_;
    PageTables& tables_;
    JsonWriter& json_;
    LaneTable styles_;
    bool clock_;
    std::vector<std::int64_t> places_;  // of the lane's pieces in the view
    std::vector<PageMark> segment_marks_;
};

void write_ends(JsonWriter& json, const Lanes& lanes) {
    json.field<"stream">(lanes.entry->stream);
    json.field<"from">(words::end_point(lanes.source()));
    json.field<"to">(words::end_point(lanes.destination()));
}

}  // namespace

void write_page_view(const Lanes& lanes, const DelayBands& delays, PageTables& tables,
                     JsonWriter& json, LaneTable styles) {
    json.begin_object();
    json.field<"kind">(std::string_view(lanes.request() ? "request" : "response"));
    json.field<"heading">(words::heading(lanes));
    write_ends(json, lanes);
    json.texts<"remarks">(words::remarks(lanes));
    const auto first = words::first_time(lanes);
    json.field<"zero">(first ? *first - tables.epoch : std::int64_t{0});
    json.key<"lanes">();
    json.begin_array();
    const Axis axis = [&](ByteRange range) {
        const std::uint64_t begin = lanes.offset(range.begin).value;
        return std::optional<OnAxis>({begin, begin + range.length()});
    };
    ViewWriter view(lanes, axis, "", tables, json, styles);
    view.write_lanes();
    json.end_array();
    json.texts<"totals">(page_totals(lanes, view.segment_marks()));
    write_page_delays(
        delays.of(lanes), [&](const DelayRow& row) { return *axis(row.bytes); }, tables, json);
    json.end_object();
}

void write_page_view(const StackedLegs& stack, const DelayBands& delays, PageTables& tables,
                     JsonWriter& json, LaneTable styles) {
    json.begin_object();
    json.field<"kind">(std::string_view("proxy"));
    json.field<"heading">(words::heading(stack));
    write_ends(json, stack.downstream.lanes);
    std::vector<std::string> remarks = words::remarks(stack);
    for (const LegLanes* leg : {&stack.upstream, &stack.downstream})
        remarks.push_back(words::leg_ends(stack, *leg));
    json.texts<"remarks">(remarks);
    const auto first = words::first_time(stack.upstream.lanes);
    json.field<"zero">(first ? *first - tables.epoch : std::int64_t{0});
    std::vector<std::string> totals;
    json.key<"lanes">();
    json.begin_array();
    const auto write_leg = [&](const LegLanes& leg, const Leg& of, const char* prefix) {
        const Axis axis = [&](ByteRange range) -> std::optional<OnAxis> {
            const BodyRange body = of.body()->map.in_body(range);
            if (body.empty()) return std::nullopt;
            return OnAxis{body.begin.value, body.end.value};
        };
        ViewWriter view(leg.lanes, axis, prefix, tables, json, styles);
        view.write_lanes();
        totals.push_back(prefix + page_totals(leg.lanes, view.segment_marks()).front());
    };
    write_leg(stack.upstream, stack.pair->upstream, "server: ");
    if (!stack.held.empty()) {
        LaneColumns held(tables);
        for (const BodyPiece& piece : stack.held) {
            const MatchedRun& run = stack.runs[piece.piece];
            held.add({{piece.bytes.begin.value, piece.bytes.end.value},
                      TimeSpan{run.upstream.time, run.downstream.time},
                      FrameNumber::kNone,
                      "held",
                      words::milliseconds(run.held()),
                      words::title(run),
                      0,
                      0});
        }
        json.begin_object();
        json.field<"layer">(std::string_view("proxy"));
        json.field<"name">(std::string_view("held"));
        held.write(json);
        json.end_object();
    }
    write_leg(stack.downstream, stack.pair->downstream, "proxy: ");
    json.end_array();
    if (const auto held = hold(stack.runs))
        totals.push_back("the proxy held bytes for up to " + words::milliseconds(held->longest));
    json.texts<"totals">(totals);
    write_page_delays(
        delays.of(stack),
        [](const DelayRow& row) {
            return OnAxis{row.body.begin.value, row.body.end.value};
        },
        tables, json);
    json.end_object();
}

}  // namespace seamark
