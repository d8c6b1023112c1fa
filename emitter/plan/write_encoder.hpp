// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/decimal_text.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {

/// Turns the planned writes of one body into bytes, each when it is its turn.
class WriteEncoder {
  public:
    /// With `tag`, each chunk says by which writes it is carried. `head` goes in front of the first
    /// write.
    explicit WriteEncoder(bool tag, std::string head = {}) : tag_(tag), head_(std::move(head)) {}

    /// The bytes of `write`, which is about to be handed to the kernel as write `index` of its
    /// connection; they are valid until the next call. A tag is what is planned from here on: a
    /// short write that comes later makes a range that is already out wrong, and only the chunks
    /// behind it right again.
    std::span<const char> encode(const PlannedWrite& write, std::uint64_t index);

    /// Where each part of those bytes ends: the head, and the pieces of the write.
    std::span<const std::size_t> part_ends() const { return part_ends_; }

  private:
    std::string_view tag(std::uint64_t first, std::uint32_t writes);

    bool tag_;
    std::string head_;  ///< empty once it is out
    DecimalText index_;
    DecimalText number_;
    std::vector<char> range_;
    std::vector<char> bytes_;  ///< as large as the largest write so far
    std::vector<std::size_t> part_ends_;
};

}  // namespace seamark::plan
