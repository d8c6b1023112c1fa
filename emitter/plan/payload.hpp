// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace seamark::plan {

/// Appends `length` bytes, from `offset`, of the data of the data write `number` (from 1), which
/// has `size` bytes in all; offset + length <= size. The data is text that can be recognised in a
/// bytes pane and depends on nothing but `number` and `size`: the number, a blank, the alphabet
/// again and again, and a line feed as its last byte ("7 abcdefgh...\n"). Where that does not fit,
/// the number is cut; a size of 1 is its first digit.
void append_payload(std::string& out, std::uint64_t number, std::uint64_t size,
                    std::uint64_t offset, std::uint64_t length);

}  // namespace seamark::plan
