// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collect/frame_view.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/delay_band.hpp"

namespace seamark {

/// What the "seamark" tap hands its listeners: one record a frame, borrowed for the call.
struct TapRecord {
    const FrameView* view;
};

/// -z seamark,chunks[,json][,FILTER] and -z seamark,events[,json][,FILTER]
void register_row_tables();
/// -z seamark,frames[,FILTER]: the numbers of all frames that match.
void register_matching_frames();
/// -z seamark,lanes[,svg=FILE|,svg-time=FILE][,FILTER]
void register_lanes();
/// -z seamark,page=FILE[,content][,FILTER]
void register_page();
/// -z seamark,explain,FRAME
void register_explanation();
/// -z seamark,tree[,FILTER] and Statistics, Seamark, Counts in the GUI.
void register_stats_tree();
/// -z seamark,table[,FILTER] and Statistics, Seamark Chunks in the GUI: the chunk table in a
/// window.
void register_chunk_list();

/// What is drawn from left to right.
enum class Axis : std::uint8_t { kBytes, kTime };
/// Writes the picture of the lanes to a file, both legs of a proxy stacked where the axis is that
/// of bytes. delays: of the capture that the lanes are of. What went wrong, in words; empty where
/// nothing did.
std::string write_svg_file(const std::vector<Lanes>& lanes, const std::vector<StackedLegs>& stacks,
                           const DelayBands& delays, const std::string& file, Axis axis);
/// Writes the interactive page of all streams to a new file in the folder for temporary files, for
/// this user alone. frame: which is selected in it; kNone: none. path: of the file. What went
/// wrong, in words; empty where nothing did.
std::string write_temporary_page(FrameNumber frame, std::string& path);
/// A frame number as people type it: digits alone, from 1.
std::optional<FrameNumber> parse_frame(std::string_view digits);

}  // namespace seamark
