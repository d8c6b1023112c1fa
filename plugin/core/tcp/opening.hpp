// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "core/tcp/waiting_bytes.hpp"

namespace seamark {

/// The first bytes of a stream whose SYN was not captured. Its first segment may not be the first
/// that was captured: where an earlier one comes later, reading starts over with these after it.
/// Kept for a few segments only.
class Opening {
  public:
    bool open() const { return segments_ < kSegments; }
    void add(StreamOffset begin, std::span<const std::uint8_t> bytes, bool begins_segment) {
        if (open()) bytes_.add(begin, bytes, begins_segment);
    }
    /// After each segment.
    void count_segment() {
        if (open() && (++segments_ == kSegments || bytes_.size() > kBytes)) close();
    }
    /// No earlier segment matters any more.
    void close() {
        segments_ = kSegments;
        bytes_ = {};
    }
    const WaitingBytes& bytes() const { return bytes_; }

  private:
    static constexpr std::uint8_t kSegments = 8;
    static constexpr std::uint64_t kBytes = std::uint64_t{64} * 1024;

    WaitingBytes bytes_;
    std::uint8_t segments_ = 0;
};

}  // namespace seamark
