// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/picture/svg_page.hpp"
#include "core/picture/time_scale.hpp"
#include "core/picture/timeline.hpp"

namespace seamark {

/// How wide a label is drawn, in pixels: counting bytes of UTF-8 errs on the safe side.
inline double text_width(std::string_view text) {
    return static_cast<double>(text.size() + 1) * SvgPage::kCharacter;
}

/// A part of a direction over time that is drawn from the left edge to the right one: pixels of the
/// scale from `from` to `to`. Borrows the line and the scale.
struct TimeBand {
    static constexpr double kPoint = 4;  // width of what is a moment, or shorter than that

    const Timeline& line;
    const TimeScale& scale;
    std::int64_t zero;  // what times count from
    double from;
    double to;

    bool shows(const Mark& mark) const {
        return scale.at(mark.when.end) >= from && scale.at(mark.when.begin) < to;
    }
    /// Pixels of the page of pixels of the scale, or of a time; of what lies outside, the edge.
    double x(double pixels) const { return SvgPage::kLeft + std::clamp(pixels, from, to) - from; }
    double x(std::int64_t time) const { return x(scale.at(time)); }
    double width(const Mark& mark) const {
        return std::max(kPoint, x(mark.when.end) - x(mark.when.begin));
    }
    bool fits(const Mark& mark) const { return text_width(mark.label) <= width(mark); }
};

/// Where the marks of a lane stand in a band.
struct PlacedLane {
    static constexpr double kRow = 17;  // pixels from one row to the next
    static constexpr std::size_t kNowhere = ~std::size_t{0};

    double top = 0;  // of the page, pixels: whoever draws it sets it
    std::vector<std::size_t>
        rows;                    // by mark; kNowhere: not in this band, or there is no row for it
    std::vector<bool> labelled;  // by mark
    std::size_t count = 1;       // rows in use
    std::size_t hidden = 0;      // marks of the band for which there is no row

    double y(std::size_t mark) const {
        const std::size_t row = rows[mark] == kNowhere ? 0 : rows[mark];
        return top + static_cast<double>(row) * kRow;
    }
};

/// Rows of a lane are filled from above. A mark takes the first in which it and its label are free;
/// where none is, it is drawn over another without a label. Marks with parts never cover each
/// other: where no row is left, the longest stay, and the others are counted.
PlacedLane place(const TimeBand& band, const TimedLane& lane);

}  // namespace seamark
