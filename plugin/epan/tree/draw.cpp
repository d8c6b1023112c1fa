// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw.hpp"

#include <vector>

#include "collect/experts.hpp"
#include "platform/preferences.hpp"
#include "tree/draw_calls.hpp"
#include "tree/draw_cause.hpp"
#include "tree/draw_ending.hpp"
#include "tree/draw_items.hpp"
#include "tree/draw_legs.hpp"
#include "tree/draw_record.hpp"
#include "tree/info_column.hpp"
#include "tree/segment_summary.hpp"

namespace seamark {
namespace {

void draw_repeats(const Canvas& canvas, proto_tree* tree, proto_item* item) {
    if (!canvas.view.segment->repeats) return;
    static std::vector<FrameNumber> listed;  // reused: a longjmp past it must lose nothing
    const Carriage carriage = canvas.view.overlay().carriage(canvas.view.segment->range(),
                                                             preferences::frame_links(), listed);
    draw_links_cut(canvas.pinfo, item, carriage, listed.size());
    for (const FrameNumber frame : listed)
        if (frame != canvas.view.segment->frame) canvas.frame(tree, fields::retransmission, frame);
}

void draw_packets(const Canvas& canvas, proto_tree* tree, proto_item* item) {
    const SegmentView& view = canvas.view;
    const auto payload = view.connection().max_payload(view.side, view.options_length);
    if (!payload) return;
    const std::uint32_t length = view.segment->wire_length;
    const std::uint32_t packets = length / *payload + (length % *payload != 0 ? 1 : 0);
    Canvas::derived(canvas.number(tree, fields::segment_mss, canvas.nowhere(), *payload));
    Canvas::derived(canvas.number(tree, fields::segment_packets, canvas.nowhere(), packets));
    if (packets < 2) return;
    append_label(item, format(canvas.pinfo, ", {} packets on a wire", packets));
    add_expert(canvas.pinfo, item, fields::super_segment,
               format(canvas.pinfo,
                      "Super-segment: {} bytes are {} packets of at most {} on a wire; the cut is "
                      "made below the point of capture",
                      length, packets, *payload));
}

/// What the columns of a packet list show: computed only where it is displayed.
void draw_summary(const Canvas& canvas, proto_tree* tree) {
    const auto put = [&](fields::Text field, const auto& text_of) {
        if (!is_wanted(tree, field)) return;
        // In a block of its own: libwireshark may leave the next call by longjmp, over a string's
        // destructor.
        const Shown value = [&] {
            const std::string text = text_of();
            return shown(canvas.pinfo, text);
        }();
        if (value.empty()) return;
        Canvas::derived(canvas.text(tree, field, canvas.nowhere(), value));
    };
    const SegmentView& view = canvas.view;
    put(fields::segment_chunks, [&] { return SegmentSummary(view).chunks.text(); });
    put(fields::segment_sizes, [&] { return sizes_in(view).text(); });
    put(fields::segment_writes, [&] { return SegmentSummary(view).writes.text(); });
    put(fields::segment_reads, [&] { return reads_of(view).text(); });
}

void draw_segment(const Canvas& canvas, proto_tree* root) {
    const SegmentView& view = canvas.view;
    const Segment& segment = *view.segment;
    const ByteRange range = segment.range();
    const auto offset = view.stream().public_offset(segment.begin).value;
    proto_item* item = nullptr;
    const Shown name = view.stream().is_copy(segment) ? Shown("Copy of a packet")
                       : segment.retransmission()
                           ? Shown("Retransmission")
                           : format(canvas.pinfo, "Segment {}", segment.index);
    proto_tree* tree = add_subtree(
        root, {view.tvb, view.payload_at, static_cast<int>(range.length())}, fields::tree_segment,
        &item,
        format(canvas.pinfo, "{}, stream offset {}, {} bytes", name, offset, segment.wire_length));
    if (!segment.retransmission()) canvas.number(tree, fields::segment, range, segment.index);
    Canvas::derived(canvas.number(tree, fields::segment_offset, canvas.nowhere(), offset));
    Canvas::derived(canvas.number(tree, fields::segment_len, range, segment.wire_length));
    draw_packets(canvas, tree, item);
    draw_summary(canvas, tree);
    draw_repeats(canvas, tree, item);
    draw_calls(canvas, tree);
    if (const auto missing = experts::missing_before(view))
        add_expert(
            canvas.pinfo, item, fields::missing_bytes,
            format(canvas.pinfo, "{} bytes in front of this segment are missing, so far", missing));
    if (const ProxyHeader* header = view.stream().messages().proxy_header())
        if (const ByteRange here = intersect(header->range, range); !here.empty())
            canvas.text(tree, fields::proxy_header, here, shown(canvas.pinfo, header->says));
    if (const auto back = view.connection().clock().stepped_back(segment.frame))
        add_expert(canvas.pinfo, item, fields::clock_back,
                   format(canvas.pinfo,
                          "The clock stepped back: this frame is stamped {} µs before the one "
                          "before it",
                          back / 1000));
    if (segment.limit_met) add_expert(canvas.pinfo, item, fields::limit_met);
    draw_causes(canvas, tree, item);
}

void draw_head(const Canvas& canvas, proto_tree* tree, proto_item* item, const Piece& piece) {
    canvas.readable(tree, fields::head, "Head", piece.range);
    const Message& message = canvas.view.message(piece);
    if (!message.head_whole || piece.range.end != message.head.end) return;
    draw_faults(canvas.pinfo, item, message.head_faults);
    if (message.unsolicited) add_expert(canvas.pinfo, item, fields::unsolicited);
    const bool final = message.line.status >= 200;
    if (!message.is_request() && final && message.framing != Framing::kChunked)
        add_expert(
            canvas.pinfo, item, fields::not_chunked,
            format(canvas.pinfo, "Not chunked: {}", shown(canvas.pinfo, describe(message.reason))));
}

void draw_message(const Canvas& canvas, proto_tree* root, Pieces pieces) {
    const SegmentView& view = canvas.view;
    const Piece& first = pieces.front();
    const Message& message = view.message(first);
    const auto exchange = view.connection().exchange(view.side, first.message);
    const Shown framing = shown(canvas.pinfo, to_string(message.framing));
    const ByteRange range = extent(pieces);
    proto_item* item = nullptr;
    proto_tree* tree =
        add_subtree(root, canvas.place(range), fields::tree_message, &item,
                    format(canvas.pinfo, "{}, message {}, exchange {}, {}",
                           message.is_request() ? Shown("Request") : Shown("Response"),
                           first.message + 1, exchange, framing));
    Canvas::derived(canvas.number(tree, fields::exchange, canvas.nowhere(), exchange));
    Canvas::derived(canvas.number(tree, fields::message, canvas.nowhere(), first.message + 1));
    if (!message.is_request() && !message.unsolicited &&
        !view.connection().request_of(view.side, first.message))
        append_label(item, Shown(", its request was not captured (so far)"));
    if (message.head_whole) {
        Canvas::derived(canvas.text(tree, fields::framing, canvas.nowhere(), framing));
        Canvas::derived(canvas.text(tree, fields::framing_reason, canvas.nowhere(),
                                    shown(canvas.pinfo, describe(message.reason))));
    }
    each_group(
        pieces, [](const Piece& piece) { return piece.chunk; },
        [&](Pieces group) {
            if (group.front().chunk != Piece::kNoChunk) {
                if (canvas.budget.takes_another()) draw_chunk(canvas, tree, group);
                return;
            }
            for (const Piece& piece : group) {
                if (piece.kind == PieceKind::kHead) draw_head(canvas, tree, item, piece);
                if (piece.kind == PieceKind::kBody)
                    canvas.number(tree, fields::body, piece.range,
                                  static_cast<std::uint32_t>(piece.range.length()));
            }
        });
    draw_items(canvas, tree, pieces);
    draw_legs(canvas, tree, item, pieces);
    if (experts::message_breaks_off(view, message)) {
        label_cut(canvas, item, message);
        draw_faults(canvas.pinfo, item, experts::faults_of_data(message));
    }
}

void draw_messages(const Canvas& canvas, proto_tree* root) {
    each_group(
        canvas.view.pieces, [](const Piece& piece) { return piece.message; },
        [&](Pieces group) {
            if (canvas.budget.takes_another()) draw_message(canvas, root, group);
        });
}

/// The subtree's own line says what is worth opening it for.
void label_protocol(packet_info* pinfo, proto_tree* tree, proto_item* item,
                    const SegmentView& segment) {
    if (!is_visible(tree)) return;
    const std::string verdict = headline(segment);
    const Shown text = shown(pinfo, verdict.empty() ? summary(segment) : verdict);
    if (!text.empty()) set_label(item, format(pinfo, "Seamark: {}", text));
}

}  // namespace

void draw_faults(packet_info* pinfo, proto_item* item, FaultSet faults) {
    faults.each([&](Fault fault) { add_expert(pinfo, item, fields::of(fault)); });
}

void draw_links_cut(packet_info* pinfo, proto_item* item, const Carriage& carriage,
                    std::size_t listed) {
    if (carriage.all_listed) return;
    add_expert(
        pinfo, item, fields::links_cut,
        format(pinfo, "The first {} frames are listed, of {} (preference seamark.frame_links)",
               listed, carriage.frames));
}

void draw(packet_info* pinfo, proto_tree* tree, const FrameView& view) {
    ItemBudget budget(tree);
    proto_item* item = nullptr;
    for (const SegmentView& segment : view.segments()) {
        const Canvas canvas{pinfo, segment, budget};
        item = add_protocol(
            tree, {segment.tvb, segment.payload_at, static_cast<int>(segment.segment->captured)});
        proto_tree* root = proto_item_add_subtree(item, fields::tree_root);
        label_protocol(pinfo, tree, item, segment);
        draw_segment(canvas, root);
        draw_records(canvas, root);
        draw_messages(canvas, root);
        if (segment.inside == nullptr) continue;
        const Canvas inside{pinfo, *segment.inside, budget};
        draw_calls_above_tls(inside, root);
        draw_messages(inside, root);
    }
    for (const EndingView& ending : view.endings()) draw_ending(pinfo, tree, ending);
    if (budget.left_out() > 0)
        add_expert(pinfo, item, fields::items_cut,
                   budget.too_many_idle()
                       ? format(pinfo,
                                "{} more messages, chunks, calls and verdicts are not listed: this "
                                "Wireshark takes more items in one frame for an endless loop",
                                budget.left_out())
                       : format(pinfo,
                                "{} more messages, chunks, calls and verdicts are not listed: the "
                                "tree has no room for more items (preference gui.max_tree_items)",
                                budget.left_out()));
}

}  // namespace seamark
