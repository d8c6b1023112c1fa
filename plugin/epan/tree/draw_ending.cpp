// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_ending.hpp"

#include "platform/items.hpp"

namespace seamark {
namespace {

void draw_cut(packet_info* pinfo, proto_tree* tree, const EndingView& ending, Side side,
              Fault fault) {
    const Stream& stream = ending.connection().stream(side);
    const std::uint32_t last = stream.messages().size() - 1;
    const Message& message = stream.messages()[last];
    proto_item* item = nullptr;
    add_subtree(tree, {ending.tvb, 0, 0}, fields::tree_message, &item,
                format(pinfo, "{}, message {}: not whole",
                       message.is_request() ? Shown("Request") : Shown("Response"), last + 1));
    add_expert(pinfo, item, fields::of(fault));
}

}  // namespace

void draw_ending(packet_info* pinfo, proto_tree* tree, const EndingView& ending) {
    proto_tree* root =
        proto_item_add_subtree(add_protocol(tree, {ending.tvb, 0, 0}), fields::tree_root);
    for (const Side side : {ending.side, other(ending.side)})
        if (const auto fault = ending.cut(side)) draw_cut(pinfo, root, ending, side, *fault);
}

void label_cut(const Canvas& canvas, proto_item* item, const Message& message) {
    const Closing& closing = canvas.view.stream().closing();
    const auto cut = message.cut();
    if (cut == Fault::kCutByFin) {
        append_label(item, format(canvas.pinfo, ", cut short by FIN in frame {}",
                                  static_cast<std::uint32_t>(closing.fin_frame())));
    } else if (cut == Fault::kCutByReset) {
        append_label(item, format(canvas.pinfo, ", cut short by RST in frame {}",
                                  static_cast<std::uint32_t>(closing.reset_frame())));
    } else if (cut == Fault::kUnfinished) {
        append_label(item, Shown(", cut short by the end of the capture"));
    } else if (cut == Fault::kMissingBytes) {
        append_label(item, Shown(", cut short by missing bytes"));
    }
}

}  // namespace seamark
