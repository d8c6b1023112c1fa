// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seamark {

/// The writes that a chunk's tag names: first to last, both included, from 1.
struct WriteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    friend constexpr bool operator==(WriteRange, WriteRange) = default;

    /// Calls visit(index) for each, in order. The last may be 2^64 - 1, which no `<= last` ends at.
    template <typename Visit>
    void each(Visit visit) const {
        for (std::uint64_t index = first;; ++index) {
            visit(index);
            if (index >= last) return;
        }
    }
};

struct WriteTag {
    std::optional<WriteRange> range;
    bool faulty = false;  // there is an extension named w, but it is no sound range
};

/// Reads the tag of the emitter from the text after a chunk's digits:
///
///     tag = ";" "w=" index [ "-" index ]       index = 1*DIGIT, from 1
///
/// A range that runs backwards or is wider than 1024 is faulty and not given.
WriteTag parse_write_tag(std::string_view extension);

}  // namespace seamark
