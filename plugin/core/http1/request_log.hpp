// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/http1/message.hpp"

namespace seamark {

/// The requests of one direction, in order, for the other direction's responses: they pair first
/// in, first out. An ordinal counts final responses from 0; its request may never have been
/// captured.
class RequestLog {
  public:
    /// begin: position of its first byte in its direction.
    void add(std::uint32_t message, Method method, StreamOffset begin);
    /// Some final response has this ordinal: the next one, so that they come without a gap.
    void answered(std::size_t ordinal);
    /// What the sender of the responses has acknowledged in the segment that is read next: a
    /// position of the requests' direction; empty where that has none yet.
    void note_acknowledged(std::optional<StreamOffset> end) {
        acknowledged_ = end.value_or(StreamOffset{});
    }

    std::size_t size() const { return entries_.size(); }
    /// kUnknown where it was not seen.
    Method method(std::size_t ordinal) const {
        return ordinal < entries_.size() ? entries_[ordinal].method : Method::kUnknown;
    }
    /// Index of its message; empty where it was not seen.
    std::optional<std::uint32_t> message(std::size_t ordinal) const {
        if (ordinal >= entries_.size() || entries_[ordinal].unseen) return std::nullopt;
        return entries_[ordinal].message;
    }
    /// Index of the first message that is none of the first count requests'. Precondition: count <
    /// size().
    std::uint32_t message_behind(std::size_t count) const { return entries_[count].message; }
    /// Ordinal of the request with this message index; empty where it is none.
    std::optional<std::size_t> find(std::uint32_t message) const;
    /// Is the answer one whose body is to be watched?
    bool watched(std::size_t ordinal) const {
        return ordinal < entries_.size() && entries_[ordinal].watched;
    }
    void watch(std::size_t ordinal) { entries_[ordinal].watched = true; }
    /// Forgets every request behind the first count.
    void keep(std::size_t count) {
        if (count < entries_.size()) entries_.resize(count);
    }

  private:
    struct Entry {
        std::uint32_t message;  // unseen: that of the next that was seen
        Method method;
        bool watched;
        bool unseen;
    };
    /// Of the responses that came when no request was waiting, from the ordinal size() on: what
    /// they acknowledged, 0 where that is not known.
    struct Early {
        std::vector<StreamOffset> acknowledged;
        std::size_t settled = 0;  // those in front
    };
    std::vector<Entry> entries_;
    StreamOffset acknowledged_;  // 0: not known
    std::unique_ptr<Early> early_;   // null where there is none, as nearly always
};

}  // namespace seamark
