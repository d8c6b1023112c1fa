// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cinttypes>
#include <optional>

#include "collect/frame_view.hpp"
#include "platform/fields.hpp"
#include "platform/text.hpp"
#include "tree/item_budget.hpp"

namespace seamark {

/// Puts items on one segment's bytes: stream offsets in, tvb offsets out, converted nowhere else.
/// Trivial, so that a longjmp past it loses nothing.
struct Canvas {
    packet_info* pinfo;
    const SegmentView& view;
    ItemBudget& budget;

    proto_item* bytes(proto_tree* tree, fields::Bytes field, ByteRange range) const {
        return add_bytes(tree, field, place(range));
    }
    /// The same, with its bytes as text in its label, as a reader wants to see them. What is inside
    /// TLS has them in the frame that completed its record, in the byte tab; else there is no item.
    proto_item* readable(proto_tree* tree, fields::Bytes field, Shown name, ByteRange range) const {
        constexpr std::size_t kMost = 120;
        const auto where = readable_place(range);
        if (!where) return nullptr;
        proto_item* item = add_bytes(tree, field, *where);
        if (item == nullptr || range.empty()) return item;
        const auto* text =
            reinterpret_cast<const char*>(tvb_get_ptr(where->tvb, where->at, where->length));
        set_label(item, format(pinfo, "{} ({} bytes): {}", name, range.length(),
                               shown(pinfo, {text, range.length()}, kMost)));
        return item;
    }
    proto_item* number(proto_tree* tree, fields::Number field, ByteRange range,
                       std::uint32_t value) const {
        return add_number(tree, field, place(range), value);
    }
    proto_item* number(proto_tree* tree, fields::Number64 field, ByteRange range,
                       std::uint64_t value) const {
        return add_number(tree, field, place(range), value);
    }
    proto_item* text(proto_tree* tree, fields::Text field, ByteRange range, Shown value) const {
        return add_text(tree, field, place(range), value);
    }
    proto_item* truth(proto_tree* tree, fields::Truth field, ByteRange range, bool value) const {
        return add_truth(tree, field, place(range), value);
    }
    proto_item* frame(proto_tree* tree, fields::FrameLink field, FrameNumber number) const {
        return derived(add_frame(tree, field, view.tvb, number));
    }
    /// Marks an item as one that stands for no bytes of its own.
    static proto_item* derived(proto_item* item) {
        proto_item_set_generated(item);
        return item;
    }

    /// Marks an item whose bytes, those of range, lie in another frame.
    void mark_elsewhere(proto_item* item, ByteRange range) const {
        if (intersect(range, view.range()).empty()) proto_item_set_generated(item);
    }

    Place place(ByteRange range) const { return view.place(range); }
    /// Where items without bytes are attached.
    ByteRange nowhere() const { return {view.range().begin, view.range().begin}; }
    /// The part of range that lies in this segment; nowhere() when none does.
    ByteRange here(ByteRange range) const {
        const ByteRange part = intersect(range, view.range());
        return part.empty() ? nowhere() : part;
    }

  private:
    /// Where the bytes of a range can be read that does not go beyond a record.
    std::optional<Place> readable_place(ByteRange range) const {
        if (view.plain.empty()) return place(range);
        const PlainPart* part = view.part_with(range);
        if (part == nullptr || part->tab == nullptr || range.end > part->plaintext.end)
            return std::nullopt;
        return Place{part->tab, static_cast<int>(range.begin - part->plaintext.begin),
                     static_cast<int>(range.length())};
    }
};

/// Neighbouring pieces of one message or of one chunk.
using Pieces = std::span<const Piece>;

/// From the first to the last byte of the pieces. Precondition: there are some.
inline ByteRange extent(Pieces pieces) {
    return {pieces.front().range.begin, pieces.back().range.end};
}

/// Calls visit(Pieces) for each run of pieces for which key(Piece) is the same.
template <typename Key, typename Visit>
void each_group(Pieces pieces, Key key, Visit visit) {
    while (!pieces.empty()) {
        std::size_t count = 1;
        while (count < pieces.size() && key(pieces[count]) == key(pieces.front())) ++count;
        visit(pieces.first(count));
        pieces = pieces.subspan(count);
    }
}

}  // namespace seamark
