// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tree/canvas.hpp"

namespace seamark {

/// The events of a message's body that have bytes in this frame, as far as they were read. pieces:
/// of one message, not empty.
void draw_items(const Canvas& canvas, proto_tree* tree, Pieces pieces);

}  // namespace seamark
