// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tree/canvas.hpp"

namespace seamark {

/// What the other leg of a proxied response has of the body bytes that these pieces of one message
/// hold, and how long they were in between. Draws nothing where no other leg is known. item: of the
/// message. Longjmp-safe like the rest of drawing.
void draw_legs(const Canvas& canvas, proto_tree* tree, proto_item* item, Pieces pieces);

}  // namespace seamark
