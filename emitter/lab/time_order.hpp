// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace seamark::lab {

/// Puts what comes from several sources in the order of its times: it is held for a while, and
/// whatever comes in that while may have an earlier time than what came before it. What comes
/// later than that gets the time of the last one given out, and is counted; so times never go
/// back. Items of the same time keep the order in which they came.
///
/// Pure: the clock is the caller's. Times are in ns.
template <typename Item>
class TimeOrder {
  public:
    void push(std::int64_t time, Item item) {
        if (time < given_) {
            time = given_;
            ++late_;
        }
        waiting_.push({time, count_++, std::move(item)});
    }

    /// Gives `take(time, item)` each item whose time is at or before `until`, in order.
    template <typename Take>
    void give(std::int64_t until, Take take) {
        while (!waiting_.empty() && waiting_.top().time <= until) {
            Entry entry = std::move(const_cast<Entry&>(waiting_.top()));  // popped next
            waiting_.pop();
            given_ = entry.time;
            take(entry.time, std::move(entry.item));
        }
    }

    template <typename Take>
    void give_all(Take take) {
        give(std::numeric_limits<std::int64_t>::max(), take);
    }

    /// The time of the first that waits.
    std::optional<std::int64_t> next() const {
        if (waiting_.empty()) return std::nullopt;
        return waiting_.top().time;
    }
    std::size_t waiting() const { return waiting_.size(); }
    std::uint64_t late() const { return late_; }  ///< came too late for their own time

  private:
    struct Entry {
        std::int64_t time;
        std::uint64_t number;
        Item item;
        friend bool operator>(const Entry& a, const Entry& b) {
            return std::pair(a.time, a.number) > std::pair(b.time, b.number);
        }
    };
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting_;
    std::int64_t given_ = std::numeric_limits<std::int64_t>::min();
    std::uint64_t count_ = 0;
    std::uint64_t late_ = 0;
};

}  // namespace seamark::lab
