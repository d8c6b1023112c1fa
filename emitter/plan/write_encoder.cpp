// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/write_encoder.hpp"

#include <optional>

#include "plan/chunk_encoder.hpp"
#include "plan/payload.hpp"

namespace seamark::plan {

void append_write(std::string& out, const PlannedWrite& write, std::uint64_t index, bool tag) {
    const auto carriers = [&](const Piece& piece) -> std::optional<WriteRange> {
        if (!tag) return std::nullopt;
        return WriteRange{index, index + piece.writes - 1};
    };
    std::uint64_t offset = 0;
    for (const Piece& piece : write.pieces) {
        switch (piece.kind) {
            case PieceKind::size_line:
                append_size_line(out, piece.length, carriers(piece));
                break;
            case PieceKind::data:
                append_payload(out, write.number, write.size, offset, piece.length);
                offset += piece.length;
                break;
            case PieceKind::line_end:
                append_line_end(out);
                break;
            case PieceKind::last_chunk:
                append_last_chunk(out, carriers(piece));
                break;
        }
    }
}

}  // namespace seamark::plan
