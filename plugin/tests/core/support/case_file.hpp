// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::test {

/// Bytes as a case file writes them, and what is marked in them. cases/chunks.tsv says how.
struct MarkedBytes {
    std::string bytes;
    std::vector<std::size_t> marks;  // \^: positions in bytes
    std::vector<bool> missing;       // \[...\]: one flag for each byte
    /// Positions from which a cut is worth a try: all, but for those deep inside a repetition.
    std::vector<bool> dull;
};

/// Expands the escapes of a cell. Throws std::invalid_argument with the cell where one is unknown.
MarkedBytes expand(std::string_view cell);

/// The cells of a tab-separated file, a vector for each line that is neither empty nor a comment
/// ('#'), the line with the columns' names left out. Throws std::runtime_error where the file
/// cannot be read or a line has another number of cells than the names.
std::vector<std::vector<std::string>> read_case_file(const std::string& path);

}  // namespace seamark::test
