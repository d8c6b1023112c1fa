// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "core/byte_range.hpp"

namespace seamark {

/// Bytes that arrived behind a hole and wait for it to be filled. Parts do not overlap: the segment
/// lane has seen to that.
class WaitingBytes {
  public:
    struct Part {
        std::vector<std::uint8_t> bytes;
        bool begins_segment;
    };

    void add(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment) {
        size_ += bytes.size();
        parts_.emplace(begin, Part{{bytes.begin(), bytes.end()}, begins_segment});
    }
    bool empty() const { return parts_.empty(); }
    /// Bytes held.
    std::uint64_t size() const { return size_; }
    /// Where the first part begins. Precondition: not empty().
    StreamOffset first() const { return parts_.begin()->first; }
    /// Takes the first part out. Precondition: not empty().
    Part take_first() {
        auto node = parts_.extract(parts_.begin());
        size_ -= node.mapped().bytes.size();
        return std::move(node.mapped());
    }

  private:
    std::map<StreamOffset, Part> parts_;
    std::uint64_t size_ = 0;
};

}  // namespace seamark
