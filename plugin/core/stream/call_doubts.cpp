// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/call_doubts.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace seamark {

void CallDoubts::note_period(std::int64_t begin, std::int64_t end) {
    if (end <= begin) return;
    auto next = periods_.upper_bound(begin);
    if (next != periods_.begin() && std::prev(next)->second >= begin) {
        --next;
        begin = next->first;
    }
    while (next != periods_.end() && next->first <= end) {
        end = std::max(end, next->second);
        next = periods_.erase(next);
    }
    periods_.emplace_hint(next, begin, end);
}

Unplaced CallDoubts::judge(CallOffset offset, std::int64_t entered, std::int64_t left) const {
    if (contradiction_ && offset >= contradiction_->from) return Unplaced::kContradicted;
    const auto later = periods_.lower_bound(left);
    if (later != periods_.begin() && std::prev(later)->second > entered)
        return Unplaced::kUncertain;
    return Unplaced::kNo;
}

void CallDoubts::note_unseen(std::uint64_t bytes, FrameNumber frame) {
    if (unseen_ == 0) first_unseen_ = frame;
    unseen_ += std::min(bytes, std::numeric_limits<std::uint64_t>::max() - unseen_);
}

void CallDoubts::count(Unplaced why, FrameNumber frame) {
    if (why == Unplaced::kNo) return;
    Count& here = why == Unplaced::kUncertain ? uncertain_ : contradicted_;
    if (here.calls++ == 0 || frame < here.first) here.first = frame;
}

}  // namespace seamark
