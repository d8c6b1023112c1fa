// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/legs_timeline.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

std::optional<std::size_t> lane_called(const Timeline& line, std::string_view name) {
    for (std::size_t i = 0; i < line.lanes.size(); ++i)
        if (line.lanes[i].name == name) return i;
    return std::nullopt;
}

/// Of each mark that may be joined, what it has of the body; empty where that is nothing.
std::vector<BodyRange> bodies_of(const Leg& leg, const TimedLane& lane) {
    std::vector<BodyRange> ranges;
    for (std::size_t i = 0; i < lane.linked; ++i)
        ranges.push_back(leg.body()->map.in_body(lane.marks[i].range));
    return ranges;
}

void add_leg(Timeline& both, const StackedLegs& stack, const Leg& leg, Timeline line,
             const std::string& prefix) {
    const std::size_t before = both.lanes.size();
    for (TimedLane& lane : line.lanes) {
        for (Mark& mark : lane.marks) {
            const std::string held = words::held(stack, leg.body()->map.in_body(mark.range));
            if (!held.empty()) mark.title += "; " + held;
        }
        lane.name = prefix + lane.name;
        both.lanes.push_back(std::move(lane));
    }
    for (JoinedLanes& joined : line.joined)
        both.joined.push_back(
            {joined.above + before, joined.below + before, std::move(joined.marks)});
    for (std::string& remark : line.remarks)
        both.remarks.push_back(std::string(prefix).append(": ").append(remark));
}

}  // namespace

Timeline legs_timeline(const StackedLegs& stack, std::size_t most, LaneTable styles) {
    Timeline both;
    both.remarks = words::remarks(stack);
    for (const LegLanes* leg : {&stack.upstream, &stack.downstream})
        both.remarks.push_back(words::leg_ends(stack, *leg));
    add_leg(both, stack, stack.pair->upstream, Timeline(stack.upstream.lanes, most, styles), "up ");
    add_leg(both, stack, stack.pair->downstream, Timeline(stack.downstream.lanes, most, styles),
            "down ");
    if (!stack.matched() || stack.clocks_differ) return both;
    auto above = lane_called(both, "up reads");
    auto below = lane_called(both, "down writes");
    if (!above || !below) {
        above = lane_called(both, "up segments");
        below = lane_called(both, "down segments");
    }
    if (above && below)
        both.joined.push_back({*above, *below,
                               links(bodies_of(stack.pair->upstream, both.lanes[*above]),
                                     bodies_of(stack.pair->downstream, both.lanes[*below]))});
    return both;
}

}  // namespace seamark
