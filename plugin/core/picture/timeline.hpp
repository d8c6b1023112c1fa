// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lanes/lanes.hpp"
#include "core/picture/delay_band.hpp"
#include "core/picture/time_scale.hpp"
#include "core/report/lane_table.hpp"

namespace seamark {

/// A layer's share of the time of an event.
struct MarkPart {
    std::int64_t ns = 0;
    std::string_view kind;   // a class of the style sheet
    bool known = false;      // drawn filled; else hollow
    std::string label = {};  // of the part that held the event; else empty
};

/// A piece of a lane as it stands in time.
struct Mark {
    TimeSpan when;
    ByteRange range;
    std::string_view kind;  // a class of the style sheet
    std::string label;
    std::string title;
    std::vector<MarkPart> parts = {};  // one after the other from its begin; none: it is one piece
};

/// One lane; marks in order of offset, retransmissions after them.
struct TimedLane {
    std::string name;
    std::vector<Mark> marks;
    std::size_t linked = 0;  // how many of the marks may be joined with those of other lanes
    bool divided = false;    // its marks have parts
};

/// Pieces of two lanes that share bytes, as (index above, index below), in order of offset.
using Links = std::vector<std::pair<std::size_t, std::size_t>>;

/// Which ranges of one list share bytes with which of another; each list in order, and what is
/// empty shares nothing. Range: ByteRange or BodyRange.
template <typename Range>
Links links(const std::vector<Range>& above, const std::vector<Range>& below) {
    Links found;
    for (std::size_t a = 0, b = 0; a < above.size() && b < below.size();) {
        if (!intersect(above[a], below[b]).empty()) found.emplace_back(a, b);
        ++(above[a].end <= below[b].end ? a : b);
    }
    return found;
}

/// Two lanes of a timeline that are joined by lines.
struct JoinedLanes {
    std::size_t above;
    std::size_t below;
    Links marks;
};

/// The lanes of a direction over time. Writes and reads last from the entry of the call to its
/// return, a chunk (head, body) from the capture of its first byte to that of its last, a segment
/// is a moment. Lanes that are not known are left out, and so is what has no time: writes known
/// from tags alone, and bytes that no frame has. Of each lane the first most pieces are taken, in
/// order of offset. Borrows nothing.
struct Timeline {
    Timeline() = default;
    Timeline(const Lanes& lanes, std::size_t most, LaneTable styles = lane_table());

    std::vector<TimedLane> lanes;
    std::vector<JoinedLanes> joined;   // segments with what shares their bytes
    std::vector<std::string> remarks;  // what is left out, a sentence each
    std::vector<std::string> verdict;  // which layer held the events, lines of text
    // Classes of the parts of events, with their layers' words.
    std::vector<std::pair<std::string_view, std::string_view>> legend;
};

/// Where the time of events went: a lane above all others, and what is said of it. No band: nothing
/// changes. Of each band the first most events are taken.
void add_delays(Timeline& line, const std::vector<DelayBand>& bands, std::size_t most);

}  // namespace seamark
