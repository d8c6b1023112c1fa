// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tree/canvas.hpp"

namespace seamark {

/// A FIN or RST that cut a message short: an expert info in its frame, which is the frame that the
/// fault is known by.
void draw_ending(packet_info* pinfo, proto_tree* tree, const EndingView& ending);

/// The message item's label in its last frame: what cut the message short, once that is known.
void label_cut(const Canvas& canvas, proto_item* item, const Message& message);

}  // namespace seamark
