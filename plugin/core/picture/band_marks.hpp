// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/picture/band_page.hpp"
#include "core/picture/page_marks.hpp"

namespace seamark {

/// Why the pieces of a lane are as they are, a row above it: a bar over what was merged, held or
/// read, a diamond at the boundary where something was cut, both with the cause. Filled: known;
/// hollow, with "?": consistent. Nothing is drawn of a segment that ends with its write, of a copy,
/// and where nothing is known. Copies what it needs.
class BandMarks {
  public:
    /// Where a range of the stream is drawn; none where the picture has none of it.
    using Axis = std::function<std::optional<AxisRange>(ByteRange)>;
    BandMarks(const PageMarks& marks, const Lane& lane, const Axis& axis);

    /// The row of a band, the next one after the last that was drawn; nothing where the band has no mark.
    void draw(BandPage& page, const Band& band, std::string_view name);

  private:
    struct Entry {
        AxisRange where;  // empty: a boundary
        bool known;
        std::vector<std::string> labels;  // the longest first
        std::string title;
    };
    std::vector<Entry> entries_;
    std::size_t place_ = 0;
};

}  // namespace seamark
