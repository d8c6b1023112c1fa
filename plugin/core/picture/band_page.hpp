// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/byte_range.hpp"
#include "core/base/offset.hpp"
#include "core/picture/svg_page.hpp"

namespace seamark {

/// Place on the axis of a picture, whose numbers are those of what is drawn: positions of a stream
/// or offsets of a body.
using AxisOffset = Offset<struct AxisSpace>;
using AxisRange = OffsetRange<struct AxisSpace>;
template <typename Space>
constexpr AxisOffset on_axis(Offset<Space> at) {
    return AxisOffset{at.value};
}
template <typename Space>
constexpr AxisRange on_axis(OffsetRange<Space> range) {
    return {on_axis(range.begin), on_axis(range.end)};
}

/// Some bytes that are drawn from left to right, to scale.
struct Band {
    AxisRange range;
    std::uint64_t length;  // bytes from the left end of the page to the right one
    double x(AxisOffset at) const {
        return SvgPage::kLeft + static_cast<double>(at - range.begin) * SvgPage::kDrawn /
                                    static_cast<double>(length);
    }
};

/// Bytes a band, so that most pieces are wide enough for a label. lengths: of the pieces, at least
/// one; longest: the longest run of bytes that is drawn.
std::uint64_t band_length(std::vector<std::uint64_t> lengths, std::uint64_t longest);

/// A page of bands, one below the other, each of some lanes; it knows when it is full.
class BandPage {
  public:
    bool full() const;
    void say(std::string_view line, std::string_view kind = "note");
    void space();

    /// A band's lanes follow. word and first: what its axis begins with, such as "offset 512".
    void open(const Band& band, std::string_view word, std::uint64_t first);
    void close();

    /// The pieces of a lane that lie in a band; nothing where the lane has no pieces at all. P has
    /// a range() of positions. place: where the last band of the lane ended.
    template <typename P, typename Draw>
    void lane(const Band& band, std::string_view name, const std::vector<P>& pieces,
              std::size_t& place, Draw draw) {
        if (pieces.empty()) return;
        name_lane(name);
        while (place < pieces.size() && on_axis(pieces[place].range().end) <= band.range.begin)
            ++place;
        for (std::size_t i = place;
             i < pieces.size() && on_axis(pieces[i].range().begin) < band.range.end; ++i) {
            shaded_ = i % 2 == 1;
            draw(pieces[i]);
        }
        next_lane();
    }
    /// A piece of the lane, as much of it as the band has; every other one in a lighter shade.
    /// Where there is no room even for the label's first word, the lane's end says of how many.
    void piece(const Band& band, AxisRange range, std::string_view kind, const std::string& label,
               std::string_view title);
    /// Darkens the foot of a part of a piece.
    void foot(const Band& band, AxisRange range);

    /// Marks between two lanes follow.
    void begin_marks(std::string_view name);
    void end_marks();
    /// Over some bytes, with the first of some labels for which there is room. known: filled.
    void bar(const Band& band, AxisRange range, bool known, const std::vector<std::string>& labels,
             std::string_view title);
    /// At a boundary; its label is to the right, in front of `next`.
    void cut(const Band& band, AxisOffset at, AxisOffset next, bool known,
             const std::vector<std::string>& labels, std::string_view title);

    /// Draws bands for all ranges until the page is full, then says how much is left out. word and
    /// first(begin): for open(). draw(band): its lanes.
    template <typename Range, typename First, typename Draw>
    void bands(const std::vector<Range>& shown, std::uint64_t length, std::string_view word,
               First first, Draw draw) {
        std::uint64_t left = 0;
        for (const Range& range : shown) left += range.length();
        for (const Range& range : shown) {
            for (auto at = range.begin; at < range.end;) {
                if (full()) {
                    say_left_out(left, word, first(at));
                    space();
                    return;
                }
                const auto end = at + std::min(length, range.end - at);
                const Band band{{on_axis(at), on_axis(end)}, length};
                open(band, word, first(at));
                draw(band);
                close();
                left -= end - at;
                at = end;
            }
        }
        space();
    }

    void write(const std::function<void(std::string_view)>& sink) const;

  private:
    static constexpr double kLaneHeight = 20;
    static constexpr double kMarkHeight = 16;

    void name_lane(std::string_view name);
    void next_lane(double height = kLaneHeight);
    void say_left_out(std::uint64_t bytes, std::string_view word, std::uint64_t from);

    SvgPage page_;
    double y_ = 10;
    std::size_t pieces_ = 0;
    std::size_t bands_ = 0;
    bool shaded_ = false;
    std::size_t unlabelled_ = 0;  // in the lane
};

}  // namespace seamark
