// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "core/base/offset.hpp"

namespace seamark {

/// A hash of those bytes of a body that were captured, block by block, whatever the order and the
/// pieces they come in: each byte counts with a factor for its place in the block, and the products
/// are added up modulo 2^64. It distinguishes bodies that differ by accident, and is no defence
/// against somebody who makes two bodies on purpose.
///
/// Costs a multiplication a byte, and about 64 bytes of memory for a block of kBlock.
class BodyHash {
  public:
    static constexpr std::uint64_t kBlock = 1024;

    /// Bytes that begin at a body offset. No byte may be added twice.
    void add(BodyOffset at, std::span<const std::uint8_t> bytes);

    struct Comparison {
        std::uint64_t equal = 0;      // bytes in blocks that are the same
        std::uint64_t different = 0;  // bytes in blocks that are not
    };
    /// Compares the blocks that overlap range and of which both have every byte. The last block of
    /// a body is compared where both end at the same offset.
    Comparison compare(const BodyHash& other, BodyRange range) const;
    Comparison compare(const BodyHash& other) const { return compare(other, {BodyOffset{}, end()}); }

    /// One past the highest byte added; 0 where none was.
    BodyOffset end() const { return end_; }

  private:
    struct Block {
        std::uint64_t sum = 0;
        std::uint64_t bytes = 0;
    };

    std::map<std::uint64_t, Block> blocks_;  // by number: offset / kBlock
    BodyOffset end_;
};

}  // namespace seamark
