// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/block_vector.hpp"
#include "core/base/byte_range.hpp"

namespace seamark {

/// Which record holds which bytes of the plaintext of one direction: one part for each decrypted
/// record of application data, in order of both, 16 bytes each. Positions of the plaintext are
/// those of a Stream of its own; those of records belong to the stream that carries it.
class PlainMap {
  public:
    struct Part {
        StreamOffset begin;        // in the plaintext
        std::uint32_t length = 0;  // of plaintext
        std::uint32_t record = 0;  // index in the carrying direction, from 0

        ByteRange range() const { return {begin, begin + length}; }
    };

    /// The part lies after all before it, in the plaintext and among the records.
    void add(const Part& part) { parts_.push_back(part); }
    bool empty() const { return parts_.empty(); }
    const Part& back() const { return parts_.back(); }
    std::size_t size() const { return parts_.size(); }

    /// Calls visit(Part) for each that has bytes of a range of the plaintext, in order, until it
    /// returns false.
    template <typename Visit>
    void each_until(ByteRange range, Visit visit) const {
        auto at = std::partition_point(parts_.begin(), parts_.end(), [&](const Part& part) {
            return part.range().end <= range.begin;
        });
        for (; at != parts_.end() && at->begin < range.end; ++at)
            if (at->length > 0 && !visit(*at)) return;
    }
    /// The part of a record; null: none of its plaintext is here.
    const Part* of_record(std::uint32_t record) const {
        const auto at = std::partition_point(
            parts_.begin(), parts_.end(), [&](const Part& part) { return part.record < record; });
        return at != parts_.end() && at->record == record ? &*at : nullptr;
    }

  private:
    BlockVector<Part> parts_;
};

}  // namespace seamark
