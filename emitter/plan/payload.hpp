// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace seamark::plan {

/// Puts `length` bytes, from `offset`, of the data of a data write, which has `size` bytes in all,
/// at `at`; returns the end of them. offset + length <= size. `number` is the text of the data
/// write's number.
///
/// The data is text that can be recognised in a bytes pane and depends on nothing but number and
/// size: the number, a blank, the alphabet again and again, and a line feed as its last byte
/// ("7 abcdefgh...\n"). Where that does not fit, the number is cut; a size of 1 is its first digit.
char* put_payload(char* at, std::string_view number, std::uint64_t size, std::uint64_t offset,
                  std::uint64_t length);

/// Puts bytes [from, to) of the alphabet, repeated without end, at `at`; returns the end of them.
char* put_letters(char* at, std::uint64_t from, std::uint64_t to);

}  // namespace seamark::plan
