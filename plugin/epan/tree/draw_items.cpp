// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_items.hpp"

#include <algorithm>
#include <vector>

#include "collect/record.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/delay_words.hpp"
#include "core/stream/body_items.hpp"
#include "platform/preferences.hpp"

namespace seamark {
namespace {

/// The frames that carry an event, each once, in stream order, at most most of them; count: of all
/// runs, which a frame may have several of. The last of them to be captured.
struct ItemFrames {
    std::vector<FrameNumber> listed;
    FrameNumber last = FrameNumber::kNone;
    std::uint64_t captured = 0;
};

void find_frames(const SegmentView& view, const BodyItems& items, const Item& item,
                 ItemFrames& found) {
    static std::vector<CarriedRun> runs;  // reused: a longjmp past it must lose nothing
    found.listed.clear();
    found.last = FrameNumber::kNone;
    found.captured = 0;
    items.map.each_in_stream(items.in_body(item), [&](BodyRange, ByteRange part, std::uint32_t) {
        runs.clear();
        view.overlay().carriers(part, preferences::frame_links(), runs);
        if (!view.plain.empty()) found.captured += view.stream().lane().runs().covered(part);
        for (const CarriedRun& run : runs) {
            if (view.plain.empty()) found.captured += run.bytes;
            found.last = std::max(found.last, run.frame);
            if (std::find(found.listed.rbegin(), found.listed.rend(), run.frame) ==
                found.listed.rend())
                found.listed.push_back(run.frame);
        }
    });
}

/// Of a body with a content coding.
void draw_coding(const Canvas& canvas, proto_tree* tree, const BodyItems& items, const Item& item) {
    if (item.coded == nullptr) return;
    using Release = CodedItem::Release;
    Canvas::derived(canvas.text(tree, fields::item_coding, canvas.nowhere(),
                                shown(canvas.pinfo, items.map.message().coding)));
    Canvas::derived(
        canvas.number(tree, fields::item_coded, canvas.nowhere(), item.coded->range.end.value - 1));
    const Release release = item.coded->release;
    if (release == Release::kUnknown) return;
    Canvas::derived(
        canvas.truth(tree, fields::item_flushed, canvas.nowhere(), release == Release::kFlushed));
    if (release != Release::kInsideBlock) return;
    proto_item* cause = Canvas::derived(
        canvas.text(tree, fields::item_cause, canvas.nowhere(), Shown("compressor")));
    append_label(cause,
                 Shown(" (no flush after it, so that it was released only with what followed)"));
}

/// "proxy", "wire eth0 to eth1": the layer of an event that one held.
Shown layer_of(const Canvas& canvas, const Leg& leg, const DelayBook::Entry& delay) {
    if (delay.layer != DelayLayer::kHop) return shown(canvas.pinfo, to_string(delay.layer));
    const auto [from, to] = recorded().hop_of(leg, delay);
    return format(canvas.pinfo, "wire {} to {}",
                  shown(canvas.pinfo, recorded().interfaces().name(from)),
                  shown(canvas.pinfo, recorded().interfaces().name(to)));
}

/// Which layer had the largest share of its time.
void draw_delay(const Canvas& canvas, proto_tree* tree, proto_item* subtree, const Item& item,
                std::uint32_t message) {
    if (item.kind != ItemKind::kEvent) return;
    const Leg leg{&canvas.view.connection(), canvas.view.side, message};
    const DelayBook::Entry* delay = recorded().delay_of(leg, item.number);
    if (delay == nullptr || !delay->held) return;
    tvbuff_t* tvb = canvas.view.tvb;
    Canvas::derived(add_time(tree, fields::latency, {tvb}, delay->total));
    Canvas::derived(canvas.text(tree, fields::latency_layer, canvas.nowhere(),
                                shown(canvas.pinfo, to_string(delay->layer))));
    Canvas::derived(add_time(tree, fields::latency_held, {tvb}, delay->ns));
    Canvas::derived(canvas.text(tree, fields::latency_confidence, canvas.nowhere(),
                                shown(canvas.pinfo, to_string(delay->confidence))));
    constexpr double kMillisecond = 1e6;
    append_label(subtree,
                 format(canvas.pinfo, ", {} ms of {} ms: {}",
                        decimal(canvas.pinfo, static_cast<double>(delay->ns) / kMillisecond, 3),
                        decimal(canvas.pinfo, static_cast<double>(delay->total) / kMillisecond, 3),
                        layer_of(canvas, leg, *delay)));
}

void draw_item(const Canvas& canvas, proto_tree* root, const BodyItems& items, const Item& item) {
    static ItemFrames frames;  // reused likewise
    find_frames(canvas.view, items, item, frames);
    std::uint32_t here = 0;
    ByteRange extent;
    items.map.each_in_stream(items.in_body(item), [&](BodyRange, ByteRange part, std::uint32_t) {
        const ByteRange own = intersect(part, canvas.view.range());
        if (own.empty()) return;
        if (extent.empty()) extent.begin = own.begin;
        extent.end = own.end;
        here += static_cast<std::uint32_t>(own.length());
    });
    if (here == 0) return;
    const bool complete =
        item.ended && !item.damaged && frames.captured == items.in_body(item).length();
    const bool completes = complete && frames.last == canvas.view.segment->frame;
    const bool event = item.kind == ItemKind::kEvent;
    proto_item* subtree = nullptr;
    proto_tree* tree = add_subtree(
        root, canvas.place(extent), fields::tree_item, &subtree,
        event ? format(canvas.pinfo, "Event {}: {} bytes, {} here", item.number,
                       item.range.length(), here)
              : format(canvas.pinfo, "{}: {} bytes, {} here",
                       item.kind == ItemKind::kComment ? Shown("Comment") : Shown("Fields"),
                       item.range.length(), here));
    if (!item.name().empty())
        append_label(subtree, format(canvas.pinfo, ", {}", shown(canvas.pinfo, item.name())));
    if (event) canvas.number(tree, fields::item, extent, item.number);
    Canvas::derived(canvas.text(tree, fields::item_kind, canvas.nowhere(),
                                event                             ? Shown("event")
                                : item.kind == ItemKind::kComment ? Shown("comment")
                                                                  : Shown("fields")));
    if (!item.name().empty())
        Canvas::derived(canvas.text(tree, fields::item_name, canvas.nowhere(),
                                    shown(canvas.pinfo, item.name())));
    if (!item.id().empty())
        Canvas::derived(
            canvas.text(tree, fields::item_id, canvas.nowhere(), shown(canvas.pinfo, item.id())));
    Canvas::derived(
        canvas.number(tree, fields::item_offset, canvas.nowhere(), item.range.begin.value));
    Canvas::derived(canvas.number(tree, fields::item_size, canvas.nowhere(), item.range.length()));
    draw_coding(canvas, tree, items, item);
    draw_delay(canvas, tree, subtree, item, items.message);
    items.map.each_in_stream(items.in_body(item), [&](BodyRange, ByteRange part, std::uint32_t) {
        const ByteRange own = intersect(part, canvas.view.range());
        if (!own.empty())
            canvas.number(tree, fields::item_here, own, static_cast<std::uint32_t>(own.length()));
    });
    Canvas::derived(canvas.truth(tree, fields::item_complete, canvas.nowhere(), completes));
    proto_item* count =
        Canvas::derived(canvas.number(tree, fields::item_frames, canvas.nowhere(),
                                      static_cast<std::uint32_t>(frames.listed.size())));
    proto_tree* links = proto_item_add_subtree(count, fields::tree_frames);
    const std::size_t most =
        std::min<std::size_t>(frames.listed.size(), preferences::frame_links());
    for (std::size_t i = 0; i < most; ++i)
        canvas.frame(links, fields::item_frame, frames.listed[i]);
    if (completes) append_label(subtree, ", complete");
}

}  // namespace

void draw_items(const Canvas& canvas, proto_tree* tree, Pieces pieces) {
    const BodyItems* items = canvas.view.stream().items(pieces.front().message);
    if (items == nullptr) return;
    items->each(items->map.in_body(extent(pieces)), [&](const Item& item) {
        if (canvas.budget.takes_another()) draw_item(canvas, tree, *items, item);
    });
}

}  // namespace seamark
