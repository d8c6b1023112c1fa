// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/event_packet.hpp"

#include "collect/record.hpp"
#include "platform/fields.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "tree/draw_calls.hpp"
#include "tree/record_places.hpp"

namespace seamark {
namespace {

/// The event as an observed segment, so that connections are found the same way for both.
ObservedSegment end_points(packet_info* pinfo, tvbuff_t* tvb) {
    ObservedSegment seen{};
    seen.tvb = tvb;
    copy_address_shallow(&seen.source, &pinfo->src);
    copy_address_shallow(&seen.destination, &pinfo->dst);
    seen.source_port = static_cast<std::uint16_t>(pinfo->srcport);
    seen.destination_port = static_cast<std::uint16_t>(pinfo->destport);
    return seen;
}

int dissect_record(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree) {
    const auto length = static_cast<int>(tvb_captured_length(tvb));
    const std::uint8_t* bytes = length > 0 ? tvb_get_ptr(tvb, 0, length) : nullptr;
    // Static, so that a longjmp out of drawing loses nothing.
    static std::optional<IoEvent> event;
    const std::span record(bytes, static_cast<std::size_t>(length));
    event = decode(record);
    set_protocol_column(pinfo, "Seamark");
    proto_item* item = add_protocol(tree, {tvb, 0, -1});
    if (!event) {
        set_info_column(pinfo, shown(pinfo, describe(fault_of(record))));
        add_expert(pinfo, item, fields::bad_event);
        return length;
    }
    const ObservedSegment seen = end_points(pinfo, tvb);
    record_event(pinfo, seen, *event);
    const TrackedConnection* tracked = recorded().find_event(seen, *event);
    if (is_visible(tree)) recorded().note_drawn(FrameNumber{pinfo->num}, tracked);
    const Shown words = shown(pinfo, describe(*event));
    set_info_column(pinfo, words);
    proto_tree* root = proto_item_add_subtree(item, fields::tree_root);
    set_label(item, format(pinfo, "Seamark: {}", words));
    add_text(root, fields::event_kind, RecordPlaces(tvb).kind(),
             shown(pinfo, to_string(event->kind)));
    draw_event(pinfo, root, tvb, *event, tracked,
               tracked != nullptr ? tracked->sender(seen) : Side::kFirst);
    return length;
}

}  // namespace

void register_event_dissector() {
    registration::name_dissector("seamark", dissector_shell<dissect_record>, fields::proto);
}

}  // namespace seamark
