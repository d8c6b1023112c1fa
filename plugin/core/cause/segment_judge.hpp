// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "core/cause/segment_cause.hpp"

namespace seamark {

/// The verdicts of the segments that one page or tree is about: whoever asks, each segment is
/// judged once. Connections must stay as they are until forget().
class SegmentJudge {
  public:
    /// The next page begins.
    void forget() { judged_.clear(); }
    /// As judge_segment(). Valid until forget().
    const std::vector<Verdict>& judge(const Connection& connection, Side side,
                                      const Segment& segment) {
        const auto [there, fresh] = judged_.try_emplace(&segment);
        if (fresh) {
            there->second = judge_segment(connection, side, segment);
            ++judgements_;
        }
        return there->second;
    }
    /// How often a segment was judged so far.
    std::size_t judgements() const { return judgements_; }

  private:
    std::unordered_map<const Segment*, std::vector<Verdict>> judged_;
    std::size_t judgements_ = 0;
};

}  // namespace seamark
