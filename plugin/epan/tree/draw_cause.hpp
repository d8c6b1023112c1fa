// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "tree/canvas.hpp"

namespace seamark {

/// Another frame begins: in its tree and columns each segment is judged once.
void forget_causes();

/// What happened at the segment's boundaries, in a few words; empty where nothing did.
std::string headline(const SegmentView& view);

/// Adds why the segment is cut or merged so, a subtree for each verdict, with the expert info for
/// writes that it merges.
void draw_causes(const Canvas& canvas, proto_tree* tree, proto_item* segment);

/// Adds why a read took what it took. sender: whose bytes it read; range: of them, as positions.
void draw_read_cause(packet_info* pinfo, tvbuff_t* tvb, proto_tree* tree,
                     const Connection& connection, Side sender, ByteRange range,
                     const CallRecord& call);

/// Why the segment in front of this one ends inside a write that goes on here; empty where it
/// does not, or no frame has it.
Shown why_split(const Canvas& canvas);

}  // namespace seamark
