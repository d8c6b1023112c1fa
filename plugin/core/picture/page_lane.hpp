// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/byte_range.hpp"
#include "core/base/json_writer.hpp"
#include "core/cause/verdict.hpp"
#include "core/picture/page_columns.hpp"
#include "core/picture/time_scale.hpp"

namespace seamark {

/// What all views of a page share.
struct PageTables {
    std::int64_t epoch = 0;  // times count from it, ns since 1970
    bool content = false;    // what the peers chose may be shown: names of events, extensions
    TextShapes shapes;
    std::vector<std::string> looks;        // classes of the pictures' style sheet
    std::vector<std::string> causes;       // words::causes()
    std::vector<std::string> cause_names;  // words::cause_names(), in the same order

    std::int64_t place_of_look(std::string_view look);
    std::int64_t place_of_causes(const CauseList& list);
};

/// Bytes as a view counts them.
struct OnAxis {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// A piece, ready for its columns.
struct PagePiece {
    OnAxis bytes;
    std::optional<TimeSpan> when;
    FrameNumber frame = FrameNumber::kNone;  // none: that is asked of the segments with its bytes
    std::string_view look;
    std::string label;
    std::string title;
    std::uint64_t front = 0;  // bytes at its begin that are drawn darker
    std::uint64_t back = 0;   // and at its end
};

/// The columns of a lane: docs/page.md has their meaning. What all pieces have in common, or none
/// has, is no column.
class LaneColumns {
  public:
    explicit LaneColumns(PageTables& tables)
        : tables_(tables), label_(tables.shapes), title_(tables.shapes) {}

    void add(const PagePiece& piece);
    bool empty() const { return count_ == 0; }
    /// Members of an object that the caller has begun. Nothing can be added afterwards.
    void write(JsonWriter& json);

  private:
    PageTables& tables_;
    PageColumn gap_, size_, start_, took_, frame_, look_, front_, back_;
    TextColumn label_, title_;
    std::uint64_t end_ = 0;
    std::uint64_t count_ = 0;
    std::int64_t first_look_ = 0;
    bool timed_ = false;
    bool lasts_ = false;
    bool framed_ = false;
    bool mixed_ = false;
    bool dark_ = false;
};

}  // namespace seamark
