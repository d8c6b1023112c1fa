// SPDX-License-Identifier: GPL-2.0-or-later
#include <optional>
#include <vector>

#include "collect/experts.hpp"
#include "platform/preferences.hpp"
#include "tree/draw.hpp"

namespace seamark {
namespace {

/// Which frame completed the chunk that was drawn last. A chunk of many frames is drawn in each of
/// them, and finding out costs a step for each.
Completion completion_of(const SegmentView& view, std::uint32_t index) {
    static struct {
        std::uint64_t connection;  // its serial
        bool inside;               // of its TLS
        Side side;
        std::uint32_t chunk;
        StreamOffset offset;    // of the chunk: another may come to have its index
        std::uint64_t version;  // of the runs
        Completion completion;
    } memo{};
    const Stream& stream = view.stream();
    const Chunk& chunk = stream.messages().chunk(index);
    const std::uint64_t connection = view.tracked->serial;
    const std::uint64_t version = stream.lane().runs().version();
    if (!chunk.ended) return {};
    const bool inside = !view.plain.empty();
    if (memo.connection != connection || memo.inside != inside || memo.side != view.side ||
        memo.chunk != index || memo.offset != chunk.offset || memo.version != version)
        memo = {connection,
                inside,
                view.side,
                index,
                chunk.offset,
                version,
                view.overlay().completion(chunk)};
    return memo.completion;
}

/// Inside TLS an item lights the records' bytes; one beside it those of the plaintext, where there
/// is a byte tab with them.
void draw_plaintext(const Canvas& canvas, proto_tree* root, Pieces pieces) {
    for (const PlainPart& part : canvas.view.plain)
        if (const ByteRange here = intersect(part.plaintext, extent(pieces)); !here.empty())
            canvas.readable(root, fields::plaintext, "Plaintext", here);
}

Shown range_text(packet_info* pinfo, const WriteRange& range) {
    if (range.first == range.last) return format(pinfo, "{}", range.first);
    return format(pinfo, "{}-{}", range.first, range.last);
}

void append_writes(packet_info* pinfo, proto_item* item, const WriteRange& range, Shown text) {
    append_label(item,
                 format(pinfo, "{}{}",
                        range.first == range.last ? Shown(", write ") : Shown(", writes "), text));
}

/// From events the writes are listed with their segment; here the chunk only names them.
void draw_recorded_writes(const Canvas& canvas, proto_tree* tree, proto_item* item,
                          const Chunk& chunk, const std::optional<WriteRange>& tagged) {
    const auto writes = canvas.view.overlay().recorded_writes(chunk.range());
    if (!writes) return;
    const Shown range = range_text(canvas.pinfo, *writes);
    Canvas::derived(canvas.text(tree, fields::write_range, canvas.nowhere(), range));
    append_writes(canvas.pinfo, item, *writes, range);
    const Stream& stream = canvas.view.stream();
    // A tag inside TLS counts the writes into TLS. Until the whole chunk was captured, not all of
    // its calls need be there yet.
    if (tagged && canvas.view.plain.empty() && chunk.ended && *tagged != *writes &&
        stream.writes().size() >= writes->last)
        add_expert(canvas.pinfo, item, fields::tag_disagrees,
                   format(canvas.pinfo, "The tag says write {}, the events say {}; the events win",
                          range_text(canvas.pinfo, *tagged), range));
}

/// Of a chunk inside TLS, whose tag counts the writes into TLS.
void draw_app_writes(const Canvas& canvas, proto_tree* tree, proto_item* item, const Chunk& chunk,
                     const std::optional<WriteRange>& tagged) {
    const auto writes = canvas.view.overlay().upper_writes(chunk.range());
    if (!writes) return;
    const Shown range = range_text(canvas.pinfo, *writes);
    Canvas::derived(canvas.text(tree, fields::app_write_range, canvas.nowhere(), range));
    append_label(item, format(canvas.pinfo, ", application write {}", range));
    if (tagged && chunk.ended && *tagged != *writes &&
        canvas.view.stream().writes().size() >= writes->last)
        add_expert(canvas.pinfo, item, fields::tag_disagrees,
                   format(canvas.pinfo,
                          "The tag says write {}, the events say application write {}; the events "
                          "win",
                          range_text(canvas.pinfo, *tagged), range));
}

void draw_writes(const Canvas& canvas, proto_tree* tree, proto_item* item, const Piece& piece) {
    const Chunk& chunk = canvas.view.chunk(piece);
    const Overlay overlay = canvas.view.overlay();
    const WriteTag tag = overlay.writes(canvas.view.message(piece), chunk);
    draw_app_writes(canvas, tree, item, chunk, tag.range);
    if (overlay.knows_writes(chunk.range())) {
        draw_recorded_writes(canvas, tree, item, chunk, tag.range);
        return;
    }
    if (!tag.range) return;
    const ByteRange tagged{chunk.offset + chunk.digits, chunk.offset + chunk.text_length};
    const ByteRange where = canvas.here(tagged);
    tag.range->each([&](std::uint64_t write) {
        canvas.mark_elsewhere(canvas.number(tree, fields::write, where, write), tagged);
    });
    const Shown range = range_text(canvas.pinfo, *tag.range);
    canvas.mark_elsewhere(canvas.text(tree, fields::write_range, where, range), tagged);
    Canvas::derived(canvas.text(tree, fields::write_source, canvas.nowhere(), "tag"));
    append_writes(canvas.pinfo, item, *tag.range, range);
}

void draw_spread(const Canvas& canvas, proto_tree* tree, const Carriage& carriage) {
    const auto first = canvas.view.overlay().time_of(carriage.first);
    const auto last = canvas.view.overlay().time_of(carriage.last);
    if (!first || !last || *last < *first ||
        !canvas.view.connection().clock().runs_on(carriage.first, carriage.last))
        return;
    Canvas::derived(add_time(tree, fields::chunk_spread, {canvas.view.tvb}, *last - *first));
}

void draw_carriage(const Canvas& canvas, proto_tree* tree, proto_item* item, const Chunk& chunk) {
    static std::vector<FrameNumber> listed;  // reused: a longjmp past it must lose nothing
    const Carriage carriage =
        canvas.view.overlay().carriage(chunk.range(), preferences::frame_links(), listed);
    proto_item* frames = Canvas::derived(canvas.number(
        tree, fields::chunk_frames, canvas.nowhere(), static_cast<std::uint32_t>(carriage.frames)));
    proto_tree* links = proto_item_add_subtree(frames, fields::tree_frames);
    for (const FrameNumber frame : listed) canvas.frame(links, fields::chunk_frame, frame);
    draw_spread(canvas, tree, carriage);
    if (carriage.frames > 1)
        append_label(item, format(canvas.pinfo, ", {} frames", carriage.frames));
    draw_links_cut(canvas.pinfo, frames, carriage, listed.size());
}

void draw_size_line(const Canvas& canvas, proto_tree* tree, const Chunk& chunk) {
    const auto hex = chunk.hex();
    const auto extension = chunk.extension();
    const ByteRange digits{chunk.offset, chunk.offset + hex.size()};
    canvas.mark_elsewhere(
        canvas.text(tree, fields::chunk_hex, canvas.here(digits), shown(canvas.pinfo, hex)),
        digits);
    canvas.mark_elsewhere(canvas.number(tree, fields::chunk_size, canvas.here(digits), chunk.size),
                          digits);
    if (extension.empty()) return;
    const ByteRange behind{digits.end, digits.end + extension.size()};
    canvas.mark_elsewhere(
        canvas.text(tree, fields::chunk_ext, canvas.here(behind), shown(canvas.pinfo, extension)),
        behind);
}

void add_seam_experts(const Canvas& canvas, proto_item* item, const Piece& first) {
    if (experts::chunk_goes_on(canvas.view, first))
        add_expert(canvas.pinfo, item, fields::split_chunk,
                   format(canvas.pinfo, "Split: chunk {} began in an earlier segment",
                          canvas.view.chunk_number(first)));
    if (experts::write_goes_on(canvas.view, first))
        add_expert(canvas.pinfo, item, fields::split_write);
}

}  // namespace

void draw_chunk(const Canvas& canvas, proto_tree* root, Pieces pieces) {
    const SegmentView& view = canvas.view;
    const Piece& first = pieces.front();
    const Chunk& chunk = view.chunk(first);
    const std::uint32_t number = view.chunk_number(first);
    const ByteRange range = extent(pieces);
    std::uint32_t here = 0;
    if (view.plain.empty())
        for (const Piece& piece : pieces) here += static_cast<std::uint32_t>(piece.range.length());
    // Inside TLS: what the frame has of the records that hold the chunk.
    for (const PlainPart& part : view.plain)
        if (!intersect(part.plaintext, chunk.range()).empty())
            here += static_cast<std::uint32_t>(part.bytes);
    const Completion completion = completion_of(view, first.chunk);
    const bool completes = completion.complete && completion.frame == view.segment->frame;

    proto_item* item = nullptr;
    proto_tree* tree =
        add_subtree(root, canvas.place(range), fields::tree_chunk, &item,
                    format(canvas.pinfo, "{} {}: {} hex, {} bytes, {} here",
                           chunk.last() ? Shown("Last chunk") : Shown("Chunk"), number,
                           shown(canvas.pinfo, chunk.hex()), chunk.size, here));
    canvas.number(tree, fields::chunk, range, number);
    draw_size_line(canvas, tree, chunk);
    draw_writes(canvas, tree, item, first);
    Canvas::derived(canvas.truth(tree, fields::chunk_last, canvas.nowhere(), chunk.last()));
    Canvas::derived(canvas.number(tree, fields::chunk_offset, canvas.nowhere(),
                                  view.stream().public_offset(chunk.offset).value));
    Canvas::derived(canvas.number(tree, fields::chunk_here, canvas.nowhere(), here));
    Canvas::derived(canvas.truth(tree, fields::chunk_complete, canvas.nowhere(), completes));
    draw_carriage(canvas, tree, item, chunk);
    if (completes) append_label(item, ", complete");
    draw_plaintext(canvas, root, pieces);
    for (const Piece& piece : pieces) {
        if (piece.kind == PieceKind::kData)
            canvas.readable(tree, fields::chunk_data, "Data", piece.range);
        if (piece.kind == PieceKind::kTrailer)
            canvas.readable(tree, fields::trailer, "Trailer section", piece.range);
    }
    add_seam_experts(canvas, item, first);
    // Each fault is shown once: where the size line ends, where what follows the data does, or, of
    // one that ended the message, with the message.
    const FaultSet line_faults = chunk.line_faults();
    const FaultSet tail_faults =
        chunk.faults.without(line_faults).without(view.message(first).ending_faults());
    for (const Piece& piece : pieces) {
        const bool line_ends =
            piece.kind == PieceKind::kSizeLine && piece.range.end == chunk.header().end;
        const bool chunk_ends =
            piece.range.end == chunk.range().end && piece.kind != PieceKind::kSizeLine;
        if (line_ends) draw_faults(canvas.pinfo, item, line_faults);
        if (chunk_ends) draw_faults(canvas.pinfo, item, tail_faults);
    }
}

}  // namespace seamark
