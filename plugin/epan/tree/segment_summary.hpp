// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "collect/frame_view.hpp"
#include "tree/number_runs.hpp"

namespace seamark {

/// Equal words that follow one another as "20 ×19, 1f": so many of them, and then "…".
class WordRuns {
  public:
    void add(std::string_view word);
    std::string text() const;

  private:
    static constexpr std::size_t kLongest = 40;  // bytes from which on nothing is added
    std::string run() const;

    std::string text_;  // of the runs before the last
    std::string word_;
    std::uint64_t times_ = 0;
    bool cut_ = false;
};

/// Which pieces a segment carries, in clear or inside TLS, as numbers.
struct SegmentSummary {
    explicit SegmentSummary(const SegmentView& view);

    NumberRuns chunks;
    NumberRuns writes;  ///< recorded ones; else those of the tags
    NumberRuns records;
    bool head = false;
    bool body = false;

  private:
    void add_pieces(const SegmentView& view);
};

/// The sizes of its chunks in hexadecimal digits, as written.
WordRuns sizes_in(const SegmentView& view);
/// The recorded reads that took its bytes.
NumberRuns reads_of(const SegmentView& view);

}  // namespace seamark
