// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_legs.hpp"

#include <string_view>
#include <vector>

#include "collect/record.hpp"
#include "core/proxy/leg_match.hpp"
#include "core/report/leg_words.hpp"
#include "platform/preferences.hpp"

namespace seamark {
namespace {

/// What is drawn of one role of a leg. Static where it is used: a longjmp past it loses nothing.
struct LegView {
    Counterpart other;
    std::optional<Hold> held;
};

/// The fields of the leg that is not this frame's.
struct LegFields {
    fields::Number chunk;
    fields::Number64 write;
    fields::FrameLink frame;
    Shown role;   // of this frame's leg
    Shown other;  // of the other one
};

/// The body bytes that the pieces hold, from the first to the last; empty where they hold none.
BodyRange body_of(const Leg& leg, Pieces pieces) {
    BodyRange range;
    for (const Piece& piece : pieces) {
        if (piece.kind != PieceKind::kBody && piece.kind != PieceKind::kData) continue;
        const BodyRange part = leg.body()->map.in_body(piece.range);
        if (part.empty()) continue;
        if (range.empty()) range = part;
        range = {std::min(range.begin, part.begin), std::max(range.end, part.end)};
    }
    return range;
}

void draw_numbers(const Canvas& canvas, proto_tree* tree, proto_item* item, const LegFields& names,
                  const Counterpart& other) {
    const std::size_t most = preferences::frame_links();
    const auto each = [&](const auto& values, auto draw) {
        for (std::size_t i = 0; i < std::min(values.size(), most); ++i) draw(values[i]);
    };
    each(other.chunks, [&](std::uint32_t chunk) {
        Canvas::derived(canvas.number(tree, names.chunk, canvas.nowhere(), chunk));
    });
    each(other.writes, [&](std::uint64_t write) {
        Canvas::derived(canvas.number(tree, names.write, canvas.nowhere(), write));
    });
    each(other.frames, [&](FrameNumber frame) { canvas.frame(tree, names.frame, frame); });
    const std::size_t all =
        std::max({other.chunks.size(), other.writes.size(), other.frames.size()});
    if (all > most)
        add_expert(canvas.pinfo, item, fields::links_cut,
                   format(canvas.pinfo,
                          "The first {} chunks, writes and frames of the other leg are listed, of "
                          "up to {} (preference seamark.frame_links)",
                          most, all));
}

void draw_hold(const Canvas& canvas, proto_tree* tree, proto_item* item, const Hold& held,
               bool leaves_here) {
    tvbuff_t* tvb = canvas.view.tvb;
    proto_item* time = Canvas::derived(add_time(tree, fields::held, {tvb}, held.longest));
    Canvas::derived(add_time(tree, fields::held_shortest, {tvb}, held.shortest));
    constexpr double kMillisecond = 1e6;
    const double longest_ms = static_cast<double>(held.longest) / kMillisecond;
    append_label(item, format(canvas.pinfo, ", held {} ms", decimal(canvas.pinfo, longest_ms, 3)));
    const auto least = static_cast<std::int64_t>(preferences::held_ms()) * 1000000;
    if (leaves_here && held.longest >= least)
        add_expert(canvas.pinfo, time, fields::held_long,
                   format(canvas.pinfo, "Held {} ms", decimal(canvas.pinfo, longest_ms, 0)));
}

/// Says of each chunk that ends here how its bytes were cut on the other side of the proxy.
void note_rechunking(const Canvas& canvas, proto_item* item, const LegPair& pair, Pieces pieces) {
    static Counterpart up;
    static Counterpart down;
    const BodyMap& ours = pair.downstream.body()->map;
    const BodyMap& theirs = pair.upstream.body()->map;
    if (theirs.message().framing != Framing::kChunked) return;
    for (const Piece& piece : pieces) {
        if (piece.kind != PieceKind::kData) continue;
        const ByteRange data = canvas.view.chunk(piece).data();
        if (piece.range.end != data.end || !canvas.budget.takes_another()) continue;
        const BodyRange body = ours.in_body(data);
        up = counterpart(pair.upstream, body);
        if (up.chunks.empty()) continue;
        const auto of = [&](std::uint32_t number) {
            return theirs.in_body(theirs.chunk(number - 1).data());
        };
        const auto say = [&](Shown text) {
            add_expert(canvas.pinfo, item, fields::rechunked, text);
        };
        const std::uint32_t number = canvas.view.chunk_number(piece);
        const std::size_t count = up.chunks.size();
        const BodyRange all{of(up.chunks.front()).begin, of(up.chunks.back()).end};
        if (count > 1 && all == body) {
            say(format(canvas.pinfo, "Re-chunked: {} chunks became 1 (chunk {})", count, number));
        } else if (count > 1) {
            say(format(canvas.pinfo, "Re-chunked: chunk {} holds bytes of {} chunks", number,
                       count));
        } else if (all != body) {
            down = counterpart(pair.downstream, all);
            say(format(canvas.pinfo, "Re-chunked: 1 chunk became {}, chunk {} among them",
                       down.chunks.size(), number));
        }
    }
}

void draw_role(const Canvas& canvas, proto_tree* root, proto_item* message, const LegPair& pair,
               bool downstream, Pieces pieces) {
    const LegFields names = downstream
                                ? LegFields{fields::upstream_chunk, fields::upstream_write,
                                            fields::upstream_frame, "downstream", "upstream"}
                                : LegFields{fields::downstream_chunk, fields::downstream_write,
                                            fields::downstream_frame, "upstream", "downstream"};
    const Leg& ours = downstream ? pair.downstream : pair.upstream;
    const Leg& theirs = downstream ? pair.upstream : pair.downstream;
    const BodyRange body = body_of(ours, pieces);
    const bool matched = !body.empty() && agrees(pair, body);
    static LegView view;
    view = {};
    if (matched) {
        view.other = counterpart(theirs, body);
        view.held = hold(match(pair, body));
    }
    proto_item* item = nullptr;
    proto_tree* tree = add_subtree(
        root, {canvas.view.tvb}, fields::tree_leg, &item,
        format(canvas.pinfo, "Proxied: this is the {} leg, the {} one is stream {}, exchange {}",
               names.role, names.other, theirs.connection->ends().stream,
               theirs.connection->exchange(theirs.sender, theirs.message)));
    Canvas::derived(item);
    const auto text = [&](fields::Text field, Shown value) {
        Canvas::derived(canvas.text(tree, field, canvas.nowhere(), value));
    };
    text(fields::leg, names.role);
    text(fields::leg_confidence, shown(canvas.pinfo, to_string(pair.confidence)));
    Canvas::derived(canvas.number(tree, fields::leg_stream, canvas.nowhere(),
                                  theirs.connection->ends().stream));
    Canvas::derived(canvas.number(tree, fields::leg_exchange, canvas.nowhere(),
                                  theirs.connection->exchange(theirs.sender, theirs.message)));
    text(fields::leg_matched, shown(canvas.pinfo, words::describe(pair.match)));
    draw_numbers(canvas, tree, item, names, view.other);
    if (view.held) draw_hold(canvas, tree, item, *view.held, downstream);
    if (downstream && matched) note_rechunking(canvas, message, pair, pieces);
    const Message& m = ours.response();
    const bool head_ends = pieces.front().kind == PieceKind::kHead && m.head_whole &&
                           pieces.front().range.end == m.head.end;
    if (downstream && head_ends && pair.match != BodyMatch::kSame)
        add_expert(canvas.pinfo, item, fields::legs_differ,
                   format(canvas.pinfo, "The two legs are not matched byte for byte. {}",
                          shown(canvas.pinfo, words::describe(pair.match))));
}

}  // namespace

void draw_legs(const Canvas& canvas, proto_tree* tree, proto_item* item, Pieces pieces) {
    const Leg leg{&canvas.view.connection(), canvas.view.side, pieces.front().message};
    if (leg.body() == nullptr) return;
    LegBook& book = recorded().legs();
    if (const LegPair* pair = book.by_downstream(leg))
        draw_role(canvas, tree, item, *pair, true, pieces);
    if (const LegPair* pair = book.by_upstream(leg))
        draw_role(canvas, tree, item, *pair, false, pieces);
    const Message& message = leg.response();
    if (pieces.front().kind != PieceKind::kHead || pieces.front().range.end != message.head.end)
        return;
    if (const auto doubt = book.doubt(leg))
        add_expert(
            canvas.pinfo, item, fields::leg_doubt,
            format(canvas.pinfo, "Other leg {}", shown(canvas.pinfo, words::describe(*doubt))));
}

}  // namespace seamark
