// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tree/canvas.hpp"

namespace seamark {

/// Draws the subtree of the packet and adds its expert infos. tree may be null: then only the
/// expert infos are added. libwireshark may leave by longjmp from here, so nothing in it owns
/// memory.
void draw(packet_info* pinfo, proto_tree* tree, const FrameView& view);

/// One chunk of a message: the pieces of it that this segment carried.
void draw_chunk(const Canvas& canvas, proto_tree* tree, Pieces pieces);

/// An expert info for each fault.
void draw_faults(packet_info* pinfo, proto_item* item, FaultSet faults);
/// Says on item when only so many frames of a carriage were listed.
void draw_links_cut(packet_info* pinfo, proto_item* item, const Carriage& carriage,
                    std::size_t listed);

}  // namespace seamark
