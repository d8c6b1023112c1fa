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
    /// position of the requests' direction; empty where that has none yet. all_read: every byte in
    /// front of it was read, from the first of the connection on, and no request is begun.
    void note_acknowledged(std::optional<StreamOffset> end, bool all_read = false) {
        acknowledged_ = end.value_or(StreamOffset{});
        all_read_ = end.has_value() && all_read;
    }
    /// True when a final response with this ordinal, in the segment that is read next, answers no
    /// request: its sender had received none that was not answered.
    bool unsolicited(std::size_t ordinal) const {
        return all_read_ && !early_ && ordinal >= entries_.size();
    }

    /// The responses with this ordinal and those after it are read anew.
    void unanswer(std::size_t ordinal) {
        if (!early_) return;
        // Those in front of size() - (what waits) are settled; the early ones begin at size().
        const std::size_t first = entries_.size() - early_->settled;
        const std::size_t keep = std::max(ordinal, entries_.size()) - first;
        if (keep < early_->acknowledged.size()) early_->acknowledged.resize(keep);
        if (early_->settled >= early_->acknowledged.size()) early_.reset();
    }
    /// Another connection begins: what is outstanding will not be answered, and what was answered
    /// without its request has none to come.
    void start_over() {
        while (entries_.size() < answered_count_)
            entries_.push_back({entries_.empty() ? 0 : entries_.back().message + 1,
                                Method::kUnknown, false, true});
        early_.reset();
        epoch_ = entries_.size();
        ++epochs_;
    }
    /// Ordinal of the first request of the connection that began last, and how many did.
    std::size_t epoch() const { return epoch_; }
    std::uint32_t epochs() const { return epochs_; }
    /// The requests themselves are read anew.
    void clear() {
        entries_.clear();
        early_.reset();
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
    /// Forgets every request after the first count.
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
    bool all_read_ = false;
    std::size_t answered_count_ = 0;
    std::size_t epoch_ = 0;
    std::uint32_t epochs_ = 0;
    std::unique_ptr<Early> early_;  // null where there is none, as nearly always
};

}  // namespace seamark
