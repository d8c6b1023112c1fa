// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

/// What to write, as data. A plan is a sequence of planned writes; each of them is meant to leave
/// in one call. It says nothing about write indices: those are known only when it is a write's
/// turn, because an earlier write may have taken more calls than planned.
namespace seamark::plan {

enum class PieceKind : std::uint8_t {
    size_line,   ///< chunk size, extension, CRLF
    data,        ///< bytes of the body
    line_end,    ///< the CRLF behind a chunk's data
    last_chunk,  ///< "0", extension, CRLF, and the empty line that ends the (empty) trailer section
};

struct Piece {
    PieceKind kind;
    std::uint32_t
        writes;  ///< size_line, last_chunk: how many writes carry the chunk, this one included
    std::uint64_t length;  ///< size_line: data bytes of the whole chunk; data: bytes here; else 0
};

struct PlannedWrite {
    std::chrono::microseconds pause{0};  ///< wait so long first
    std::uint64_t number = 0;            ///< of the data write, from 1; 0 if it has no data piece
    std::uint64_t size = 0;              ///< sum of its data pieces
    std::vector<Piece> pieces;           ///< in stream order
};

}  // namespace seamark::plan
