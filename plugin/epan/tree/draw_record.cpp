// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_record.hpp"

#include <vector>

#include "platform/preferences.hpp"
#include "tree/draw.hpp"

namespace seamark {
namespace {

void add_frames(const Canvas& canvas, proto_tree* tree, proto_item* item, const TlsRecord& record) {
    static std::vector<FrameNumber> listed;  // reused: a longjmp past it must lose nothing
    const Carriage carriage =
        canvas.view.overlay().carriage(record.range(), preferences::frame_links(), listed);
    proto_item* frames =
        Canvas::derived(canvas.number(tree, fields::record_frames, canvas.nowhere(),
                                      static_cast<std::uint32_t>(carriage.frames)));
    proto_tree* links = proto_item_add_subtree(frames, fields::tree_frames);
    for (const FrameNumber frame : listed) canvas.frame(links, fields::record_frame, frame);
    if (carriage.frames > 1)
        append_label(item, format(canvas.pinfo, ", {} frames", carriage.frames));
    draw_links_cut(canvas.pinfo, frames, carriage, listed.size());
}

/// own: the part of it that this frame carried first.
void draw_record(const Canvas& canvas, proto_tree* root, std::uint32_t index,
                 const TlsRecord& record, ByteRange own) {
    const Shown type = shown(canvas.pinfo, to_string(record.type));
    proto_item* item = nullptr;
    proto_tree* tree = add_subtree(root, canvas.place(own), fields::tree_record, &item,
                                   format(canvas.pinfo, "TLS record {}: {}, {} bytes, {} here",
                                          index + 1, type, record.length, own.length()));
    const auto of = [&](std::uint64_t begin, std::uint64_t end) {
        return ByteRange{record.offset + begin, record.offset + end};
    };
    canvas.number(tree, fields::record, own, index + 1);
    canvas.mark_elsewhere(canvas.text(tree, fields::record_type, canvas.here(of(0, 1)), type),
                          of(0, 1));
    canvas.mark_elsewhere(
        canvas.number(tree, fields::record_len, canvas.here(of(3, 5)), record.length), of(3, 5));
    Canvas::derived(canvas.number(tree, fields::record_offset, canvas.nowhere(),
                                  canvas.view.stream().public_offset(record.offset).value));
    Canvas::derived(canvas.number(tree, fields::record_here, canvas.nowhere(),
                                  static_cast<std::uint32_t>(own.length())));
    add_frames(canvas, tree, item, record);
    if (own.begin > record.offset)
        add_expert(canvas.pinfo, item, fields::split_record,
                   format(canvas.pinfo,
                          "TLS record {} began in an earlier segment: none of it can be read "
                          "before its last byte is here",
                          index + 1));
    if (own.begin != record.offset) return;
    if (const auto fault = fault_of(record, canvas.view.connection().tls_version()))
        add_expert(canvas.pinfo, item, fields::record_fault,
                   format(canvas.pinfo, "{}", shown(canvas.pinfo, describe(*fault))));
}

void draw_refusal(const Canvas& canvas, proto_tree* root, const RecordFramer& records,
                  ByteRange own) {
    if (!records.refusal() || !own.contains(records.refusal()->at)) return;
    const ByteRange header{records.refusal()->at, records.refusal()->at + TlsRecord::kHeader};
    proto_item* item = nullptr;
    add_subtree(root, canvas.place(intersect(header, own)), fields::tree_record, &item,
                Shown("No TLS record: what follows is not framed"));
    add_expert(canvas.pinfo, item, fields::record_refused,
               format(canvas.pinfo, "{}", shown(canvas.pinfo, describe(records.refusal()->fault))));
}

}  // namespace

void draw_records(const Canvas& canvas, proto_tree* root) {
    const SegmentView& view = canvas.view;
    const RecordFramer* records = view.stream().records();
    if (records == nullptr) return;
    unsigned whole = 0;
    view.each_own_run([&](ByteRange own) {
        records->each(own, [&](std::uint32_t index, const TlsRecord& record) {
            if (record.type == RecordType::kApplicationData &&
                intersect(record.range(), own) == record.range())
                ++whole;
            if (canvas.budget.takes_another())
                draw_record(canvas, root, index, record, intersect(record.range(), own));
        });
        draw_refusal(canvas, root, *records, own);
    });
    if (whole > 1)
        add_expert(canvas.pinfo, proto_tree_get_parent(root), fields::merged_records,
                   format(canvas.pinfo,
                          "{} TLS records of application data lie in this segment whole: they were "
                          "merged after they were encrypted, or one write carried them all",
                          whole));
}

}  // namespace seamark
