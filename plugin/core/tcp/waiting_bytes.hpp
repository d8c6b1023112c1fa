// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/base/byte_range.hpp"

namespace seamark {

/// How many bytes may wait behind holes: each in one direction of a connection, all in all that share
/// the budget. They count what waits in it.
struct WaitingBudget {
    std::uint64_t each = std::uint64_t{1} << 20;
    std::uint64_t all = ~std::uint64_t{0};
    std::uint64_t used = 0;
};

/// Bytes that arrived after a hole and wait for it to be filled. What is added never overlaps: the
/// segment lane has seen to that. Bytes that adjoin what came before them are kept together, so
/// that small segments cost little more than their bytes.
class WaitingBytes {
  public:
    /// Bytes without a hole between them, of one segment or many.
    struct Part {
        std::vector<std::uint8_t> bytes;
        std::vector<std::uint32_t> segments;  // where in it captured segments begin, ascending

        /// Calls visit(position, bytes, begins_segment) for each stretch between those.
        template <typename Visit>
        void each_stretch(Visit visit) const {
            std::size_t begin = 0;
            bool begins_segment = false;
            for (const std::size_t end : segments) {
                if (end > begin)
                    visit(begin, std::span(bytes).subspan(begin, end - begin), begins_segment);
                begin = end;
                begins_segment = true;
            }
            visit(begin, std::span(bytes).subspan(begin), begins_segment);
        }
    };

    void add(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment) {
        size_ += bytes.size();
        Part& part = part_ending_at(begin);
        if (begins_segment) part.segments.push_back(static_cast<std::uint32_t>(part.bytes.size()));
        part.bytes.insert(part.bytes.end(), bytes.begin(), bytes.end());
    }
    WaitingBytes copy() const {
        WaitingBytes same;
        if (parts_) same.parts_ = std::make_unique<Parts>(*parts_);
        same.size_ = size_;
        return same;
    }
    bool empty() const { return !parts_ || parts_->empty(); }
    /// Bytes held.
    std::uint64_t size() const { return size_; }
    /// Where the first part begins. Precondition: not empty().
    StreamOffset first() const { return parts_->begin()->first; }
    /// Takes the first part out. Precondition: not empty().
    Part take_first() {
        auto node = parts_->extract(parts_->begin());
        size_ -= node.mapped().bytes.size();
        if (parts_->empty()) parts_.reset();
        return std::move(node.mapped());
    }

  private:
    using Parts = std::map<StreamOffset, Part>;

    /// The part that ends where begin is, or a new one that begins there.
    Part& part_ending_at(StreamOffset begin) {
        constexpr std::size_t kLongest = std::size_t{1} << 20;
        if (!parts_) parts_ = std::make_unique<Parts>();
        const auto next = parts_->upper_bound(begin);
        if (next != parts_->begin()) {
            auto& [at, before] = *std::prev(next);
            if (at + before.bytes.size() == begin && before.bytes.size() < kLongest) return before;
        }
        return parts_->try_emplace(next, begin)->second;
    }

    std::unique_ptr<Parts> parts_;  // null where nothing waits, as nearly always
    std::uint64_t size_ = 0;
};

}  // namespace seamark
