// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "core/base/line_sink.hpp"
#include "core/lanes/lanes.hpp"
#include "core/lanes/leg_lanes.hpp"
#include "core/picture/delay_band.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// How much one picture holds, so that a browser stays quick: what is left out is said in it.
constexpr std::size_t kMostSvgPieces = 12000;
constexpr std::size_t kMostSvgBands = 400;

/// In the order of the pictures: what people look for is in the responses.
inline std::vector<const Lanes*> responses_first(const std::vector<Lanes>& all) {
    std::vector<const Lanes*> ordered;
    for (const bool request : {false, true})
        for (const Lanes& lanes : all)
            if (lanes.request() == request) ordered.push_back(&lanes);
    return ordered;
}

/// The lanes as a picture: bytes from left to right, to scale, the lanes one above the other, so
/// that boundaries at one offset are in one line. A long stream goes on in further bands below,
/// each of the same number of bytes (one scale for each direction, by the length of most pieces).
/// Every piece has its numbers as a title. Lanes that are not known are not drawn.
///
/// stacks: pictures of two legs each (see draw_legs_svg), which come first. delays: what held the
/// events of a response is a sentence above its lanes.
void write_lanes_svg(const std::vector<Lanes>& all, const LineSink& sink,
                     const std::vector<StackedLegs>& stacks = {}, LaneTable styles = lane_table(),
                     const DelayBands& delays = {});

}  // namespace seamark
