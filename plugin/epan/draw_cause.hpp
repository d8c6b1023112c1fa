// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "canvas.hpp"

namespace seamark {

/// Adds why the segment is cut or merged so, a subtree for each verdict, with the expert info for
/// writes that it merges.
void draw_causes(const Canvas& canvas, proto_tree* tree, proto_item* segment);

/// The same of a read.
void draw_read_cause(const Canvas& canvas, proto_tree* tree, ByteRange range,
                     const CallRecord& call);

/// Why the segment in front of this one ends inside a write that goes on here; null where it does
/// not, or no frame has it. Lives as long as the packet.
const char* why_split(const Canvas& canvas);

}  // namespace seamark
