// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "frame_view.hpp"

namespace seamark {

/// What the "seamark" tap hands its listeners: one record a frame, borrowed for the call.
struct TapRecord {
    const FrameView* view;
};

/// -z seamark,chunks[,json][,FILTER]
void register_chunk_table();
/// -z seamark,lanes[,svg=FILE][,FILTER]
void register_lanes();
/// -z seamark,tree[,FILTER] and Statistics, Seamark in the GUI.
void register_stats_tree();

}  // namespace seamark
