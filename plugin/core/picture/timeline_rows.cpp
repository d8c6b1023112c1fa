// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/timeline_rows.hpp"

namespace seamark {
namespace {

constexpr std::size_t kMostRows = 8;
// Of events, each of which may begin long before the one above it ends.
constexpr std::size_t kMostDividedRows = 16;

/// The marks of a band, by the time at which they begin.
std::vector<std::size_t> in_time(const TimeBand& band, const TimedLane& lane) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < lane.marks.size(); ++i)
        if (band.shows(lane.marks[i])) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return lane.marks[a].when.begin < lane.marks[b].when.begin;
    });
    return order;
}

void place_whole(const TimeBand& band, const TimedLane& lane, PlacedLane& placed) {
    std::vector<double> ends(kMostRows, 0);
    for (const std::size_t i : in_time(band, lane)) {
        const Mark& mark = lane.marks[i];
        const double x = band.x(mark.when.begin);
        const double box_end = x + band.width(mark) + 2;
        const double label_end = band.fits(mark) ? box_end : box_end + text_width(mark.label);
        const auto free =
            std::find_if(ends.begin(), ends.end(), [&](double end) { return end <= x; });
        const auto row = free != ends.end() ? free : std::min_element(ends.begin(), ends.end());
        const bool room = free != ends.end() && label_end <= SvgPage::kLeft + SvgPage::kDrawn + 40;
        placed.rows[i] = static_cast<std::size_t>(row - ends.begin());
        placed.labelled[i] = room;
        *row = std::max(*row, room ? label_end : box_end);
        placed.count = std::max(placed.count, placed.rows[i] + 1);
    }
}

void place_divided(const TimeBand& band, const TimedLane& lane, PlacedLane& placed) {
    const auto length = [&](std::size_t i) {
        return lane.marks[i].when.end - lane.marks[i].when.begin;
    };
    std::vector<std::size_t> last;  // of each row
    for (const std::size_t i : in_time(band, lane)) {
        const double x = band.x(lane.marks[i].when.begin);
        auto row = std::find_if(last.begin(), last.end(), [&](std::size_t before) {
            const Mark& mark = lane.marks[before];
            return band.x(mark.when.begin) + band.width(mark) <= x + 0.5;
        });
        if (row == last.end() && last.size() < kMostDividedRows) {
            last.push_back(i);
            row = last.end() - 1;
        } else if (row == last.end()) {
            ++placed.hidden;
            row = std::min_element(last.begin(), last.end(), [&](std::size_t a, std::size_t b) {
                return length(a) < length(b);
            });
            if (length(*row) >= length(i)) continue;
            placed.rows[*row] = PlacedLane::kNowhere;
        }
        *row = i;
        placed.rows[i] = static_cast<std::size_t>(row - last.begin());
        placed.labelled[i] = true;
    }
    placed.count = std::max<std::size_t>(1, last.size());
}

}  // namespace

PlacedLane place(const TimeBand& band, const TimedLane& lane) {
    PlacedLane placed;
    placed.rows.assign(lane.marks.size(), PlacedLane::kNowhere);
    placed.labelled.assign(lane.marks.size(), false);
    if (lane.divided) {
        place_divided(band, lane, placed);
    } else {
        place_whole(band, lane, placed);
    }
    return placed;
}

}  // namespace seamark
