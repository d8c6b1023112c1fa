// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_calls.hpp"

#include <vector>

#include "platform/fields.hpp"
#include "platform/preferences.hpp"
#include "tree/draw.hpp"
#include "tree/draw_cause.hpp"
#include "tree/draw_state.hpp"
#include "tree/record_places.hpp"

namespace seamark {
namespace {

/// The fields of a lane of calls.
struct CallFields {
    fields::Number64 index, requested, returned;
    fields::Text call;
    fields::FrameLink frame;
    fields::Number frames;
    fields::Time delay;
    fields::FrameLink event;
    Shown noun;
    bool write;
    bool above_tls;  // its ranges are those of the plaintext
};

CallFields write_fields() {
    return {fields::write,
            fields::write_requested,
            fields::write_returned,
            fields::write_call,
            fields::write_frame,
            fields::write_frames,
            fields::write_delay,
            fields::write_event,
            "Write",
            true,
            false};
}

CallFields read_fields() {
    return {fields::read,
            fields::read_requested,
            fields::read_size,
            fields::read_call,
            fields::read_frame,
            fields::read_frames,
            fields::read_delay,
            fields::read_event,
            "Read",
            false,
            false};
}

CallFields app_write_fields() {
    return {fields::app_write,
            fields::app_write_requested,
            fields::app_write_returned,
            fields::app_write_call,
            fields::app_write_frame,
            fields::app_write_frames,
            fields::app_write_delay,
            fields::app_write_event,
            "Application write",
            true,
            true};
}

CallFields app_read_fields() {
    return {fields::app_read,
            fields::app_read_requested,
            fields::app_read_size,
            fields::app_read_call,
            fields::app_read_frame,
            fields::app_read_frames,
            fields::app_read_delay,
            fields::app_read_event,
            "Application read",
            false,
            true};
}

CallFields fields_of(EventKind kind) {
    switch (kind) {
        case EventKind::kWrite:
            return write_fields();
        case EventKind::kUpperWrite:
            return app_write_fields();
        case EventKind::kUpperRead:
            return app_read_fields();
        default:
            return read_fields();
    }
}

void add_frames(packet_info* pinfo, proto_tree* tree, tvbuff_t* tvb, const CallFields& field,
                const Overlay& overlay, ByteRange range, const CallRecord& call) {
    static std::vector<FrameNumber> listed;  // reused: a longjmp past it must lose nothing
    const Carriage carriage = overlay.carriage(range, preferences::frame_links(), listed);
    proto_item* frames = Canvas::derived(
        add_number(tree, field.frames, {tvb}, static_cast<std::uint32_t>(carriage.frames)));
    draw_links_cut(pinfo, frames, carriage, listed.size());
    for (const FrameNumber frame : listed)
        Canvas::derived(add_frame(tree, field.frame, tvb, frame));
    if (listed.empty()) return;
    // A write is measured to its first byte in the capture, a read from its last.
    const auto reference = overlay.time_of(field.write ? listed.front() : carriage.last);
    if (!reference || (field.write && (call.flags & EventFlags::kEntryUnknown) != 0)) return;
    const std::int64_t delay = field.write ? *reference - call.entered : call.left - *reference;
    Canvas::derived(add_time(tree, field.delay, {tvb}, delay));
}

void draw_call(const Canvas& canvas, proto_tree* root, const CallFields& field, ByteRange range,
               const CallRecord& call) {
    const SegmentView& view = canvas.view;
    const ByteRange here = canvas.here(range);
    const Shown name = shown(canvas.pinfo, to_string(call.call));
    proto_item* item = nullptr;
    proto_tree* tree = add_subtree(
        root, canvas.place(here), fields::tree_call, &item,
        field.above_tls ? format(canvas.pinfo, "{} {}: {}, {} of {} bytes of the plaintext",
                                 field.noun, call.index, name, call.taken, call.requested)
                        : format(canvas.pinfo, "{} {}: {}, {} of {} bytes, {} here", field.noun,
                                 call.index, name, call.taken, call.requested, here.length()));
    canvas.number(tree, field.index, here, call.index);
    Canvas::derived(canvas.number(tree, field.requested, canvas.nowhere(), call.requested));
    Canvas::derived(canvas.number(tree, field.returned, canvas.nowhere(), call.taken));
    Canvas::derived(canvas.text(tree, field.call, canvas.nowhere(), name));
    canvas.frame(tree, field.event, call.event);
    add_frames(canvas.pinfo, tree, view.tvb, field, view.overlay(), range, call);
    if (field.above_tls) return;
    if (field.write) {
        Canvas::derived(canvas.text(tree, fields::write_source, canvas.nowhere(), "event"));
        if (range.begin >= view.segment->begin) return;
        const Shown why = why_split(canvas);
        add_expert(canvas.pinfo, item, fields::split_write,
                   format(canvas.pinfo, "A write goes on from an earlier segment{}{}",
                          why.empty() ? Shown("") : Shown(". "), why));
    } else {
        draw_read_cause(canvas.pinfo, view.tvb, tree, view.tracked->connection, view.side, range,
                        call);
    }
}

/// Why a call whose offset is recorded is not joined. own: the call that has its bytes, or null.
void draw_unplaced(packet_info* pinfo, proto_item* item, const IoEvent& event, const CallLane& lane,
                   const CallRecord* own) {
    switch (lane.judge(event)) {
        case Unplaced::kUncertain:
            add_expert(pinfo, item, fields::event_uncertain);
            return;
        case Unplaced::kContradicted: {
            const Contradiction& found = *lane.doubts()->contradiction();
            const auto carrier = static_cast<std::uint32_t>(found.frame);
            if (found.event == FrameNumber{pinfo->num})
                add_expert(pinfo, item, fields::event_too_early,
                           format(pinfo,
                                  "Frame {} carries bytes of this call and was captured before the "
                                  "call began: bytes were sent that no recorded call sent, or the "
                                  "clocks differ. Neither this call nor a later one is joined",
                                  carrier));
            else
                add_expert(pinfo, item, fields::event_too_early,
                           format(pinfo,
                                  "Not joined: in front of it frame {} carries bytes that were "
                                  "captured before the call that is recorded for them (frame {})",
                                  carrier, static_cast<std::uint32_t>(found.event)));
            return;
        }
        case Unplaced::kNo:
            break;
    }
    if (own != nullptr)
        add_expert(pinfo, item, fields::event_contradicted,
                   format(pinfo,
                          "Frame {} records a call for the same bytes: this one is not joined with "
                          "the capture",
                          static_cast<std::uint32_t>(own->event)));
}

/// Where the bytes of a recorded call are in the capture, or that they are not.
/// sender: whose bytes they are.
void draw_joined(packet_info* pinfo, proto_tree* tree, tvbuff_t* tvb, const IoEvent& event,
                 const Connection& connection, Side sender, ByteRange range) {
    const Stream& stream = connection.stream(sender);
    const CallFields field = fields_of(event.kind);
    const CallLane& lane = field.write ? stream.writes() : stream.reads();
    // Calls of a lane do not overlap: this one is the first of its bytes or is not in the lane.
    const CallRecord* own = lane.first(event.range());
    if (own == nullptr || own->event != FrameNumber{pinfo->num}) {
        draw_unplaced(pinfo, proto_tree_get_parent(tree), event, lane, own);
        return;
    }
    add_frames(pinfo, tree, tvb, field, Overlay(stream), range, *own);
    if (!field.write && !field.above_tls)
        draw_read_cause(pinfo, tvb, tree, connection, sender, range, *own);
    static std::vector<FrameNumber> listed;
    Overlay(stream).carriage(range, 1, listed);
    if (!listed.empty())
        append_info_column(pinfo, format(pinfo, " \xe2\x86\x92 frame {}",
                                         static_cast<std::uint32_t>(listed.front())));
    const std::uint64_t missing = range.length() - stream.lane().runs().covered(range);
    if (missing > 0 && PINFO_FD_VISITED(pinfo))
        add_expert(pinfo, proto_tree_get_parent(tree), fields::event_uncaptured,
                   field.above_tls
                       ? format(pinfo,
                                "{} of the call's {} bytes are in no captured frame, or in records "
                                "that were not decrypted",
                                missing, event.taken())
                       : format(pinfo, "{} of the call's {} bytes are in no captured frame",
                                missing, event.taken()));
}

}  // namespace

void draw_calls(const Canvas& canvas, proto_tree* tree) {
    const Stream& stream = canvas.view.stream();
    const ByteRange range = canvas.view.segment->range();
    const auto draw_all = [&](const CallLane& lane, const CallFields& field) {
        stream.each_call(lane, range, [&](ByteRange part, const CallRecord& call) {
            if (canvas.budget.takes_another()) draw_call(canvas, tree, field, part, call);
        });
    };
    draw_all(stream.writes(), write_fields());
    draw_all(stream.reads(), read_fields());
}

void draw_calls_above_tls(const Canvas& canvas, proto_tree* tree) {
    const Stream& plain = canvas.view.stream();
    const auto draw_all = [&](const CallLane& lane, const CallFields& field) {
        if (lane.empty()) return;
        const CallRecord* last = nullptr;  // several records may hold one call's bytes
        for (const PlainPart& part : canvas.view.plain)
            plain.each_call(lane, part.plaintext, [&](ByteRange range, const CallRecord& call) {
                if (&call == last || !canvas.budget.takes_another()) return;
                last = &call;
                draw_call(canvas, tree, field, range, call);
            });
    };
    draw_all(plain.writes(), app_write_fields());
    draw_all(plain.reads(), app_read_fields());
}

void draw_event(packet_info* pinfo, proto_tree* tree, tvbuff_t* tvb, const IoEvent& event,
                const TrackedConnection* tracked, Side recorded) {
    const bool above = event.kind == EventKind::kUpperWrite || event.kind == EventKind::kUpperRead;
    const CallFields field = fields_of(event.kind);
    const Shown call = shown(pinfo, to_string(event.call));
    const RecordPlaces record{tvb};
    const bool is_placed =
        event.has(above ? EventFlags::kOwnOffsetKnown : EventFlags::kOffsetKnown);
    if (event.kind == EventKind::kWrite || event.kind == EventKind::kRead || above) {
        if (event.index > 0) add_number(tree, field.index, record.index(), event.index);
        add_number(tree, field.requested, record.requested(), event.requested);
        if (event.returned >= 0) add_number(tree, field.returned, record.returned(), event.taken());
        add_text(tree, field.call, record.call(), call);
        if (is_placed) add_number(tree, fields::event_offset, record.offset(), event.offset);
    }
    if (event.returned < 0) add_number(tree, fields::event_errno, record.error(), event.error);
    add_number(tree, fields::event_process, record.process(), event.process);
    add_number(tree, fields::event_thread, record.thread(), event.thread);
    add_number(tree, fields::event_descriptor, record.descriptor(), event.descriptor);
    if (!event.has(EventFlags::kEntryUnknown))
        add_time(tree, fields::event_took, record.times(), event.left - event.entered);
    if (event.sequence)
        add_number(tree, fields::event_sequence, record.value(SEAMARK_TAG_SEQUENCE),
                   *event.sequence);
    if (event.kind == EventKind::kEnd) {
        proto_item* item =
            add_number(tree, fields::event_dropped, record.returned(), event.taken());
        if (event.taken() > 0)
            add_expert(
                pinfo, item, fields::events_dropped,
                format(pinfo, "The recorder dropped {} events: calls are missing from the lanes",
                       event.taken()));
    }
    draw_state(pinfo, tree, tvb, event);
    // What was not captured is known after the last frame.
    if (tracked == nullptr) {
        if (event.kind != EventKind::kEnd && PINFO_FD_VISITED(pinfo))
            add_expert(pinfo, proto_tree_get_parent(tree), fields::event_alone);
        return;
    }
    static const int hf_stream = proto_registrar_get_id_byname("tcp.stream");
    if (hf_stream > 0) {
        proto_item* item = add_number(tree, fields::Number{hf_stream}, {tvb}, tracked->stream);
        proto_item_set_hidden(item);
    }
    if (event.taken() > 0 && event.has(EventFlags::kAmbiguous))
        add_expert(pinfo, proto_tree_get_parent(tree), fields::event_uncertain);
    // What TCP sent again has bytes as well, which are those of an earlier call.
    if (event.taken() == 0 || event.kind == EventKind::kTimestamp) return;
    if (event.layer == Layer::kKernelTls)
        add_expert(pinfo, proto_tree_get_parent(tree), fields::event_kernel_tls);
    const IoEvent placed =
        tracked->connection.placed(recorded, event, FrameNumber{pinfo->num});
    if (above ? !is_placed || !Connection::is_above_tls(event)
              : !placed.has(EventFlags::kOffsetKnown))
        return;
    const Connection* connection = above ? tracked->connection.plain() : &tracked->connection;
    if (connection == nullptr) {
        if (PINFO_FD_VISITED(pinfo))
            add_expert(pinfo, proto_tree_get_parent(tree), fields::event_sealed);
        return;
    }
    // What one side reads the other has sent.
    const Side sender = field.write ? recorded : other(recorded);
    const auto range = connection->stream(sender).position(placed.range());
    if (!range) return;
    draw_joined(pinfo, tree, tvb, placed, *connection, sender, *range);
}

}  // namespace seamark
