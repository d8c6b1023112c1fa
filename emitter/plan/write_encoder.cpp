// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/write_encoder.hpp"

#include <algorithm>
#include <charconv>

#include "plan/chunk_encoder.hpp"
#include "plan/payload.hpp"

namespace seamark::plan {

std::string_view WriteEncoder::tag(std::uint64_t first, std::uint32_t writes) {
    if (!tag_) return {};
    const std::string_view index = index_.of(first);
    if (writes == 1) return index;
    range_.resize(longest_tag);
    char* at = std::copy(index.begin(), index.end(), range_.data());
    *at++ = '-';
    at = std::to_chars(at, range_.data() + range_.size(), first + writes - 1).ptr;
    return {range_.data(), at};
}

std::span<const char> WriteEncoder::encode(const PlannedWrite& write, std::uint64_t index) {
    const std::size_t room = head_.size() + write.size + write.pieces.size() * longest_line;
    if (bytes_.size() < room) bytes_.resize(room);
    part_ends_.clear();
    char* at = std::copy(head_.begin(), head_.end(), bytes_.data());
    const auto end_part = [&] {
        part_ends_.push_back(static_cast<std::size_t>(at - bytes_.data()));
    };
    if (!head_.empty()) {
        end_part();
        head_.clear();
    }
    std::uint64_t offset = 0;
    for (const Piece& piece : write.pieces) {
        switch (piece.kind) {
            case PieceKind::size_line:
                at = put_size_line(at, piece.length, tag(index, piece.writes));
                break;
            case PieceKind::data:
                at = put_payload(at, number_.of(write.number), write.size, offset, piece.length);
                offset += piece.length;
                break;
            case PieceKind::line_end:
                at = put_line_end(at);
                break;
            case PieceKind::last_chunk:
                at = put_last_chunk(at, tag(index, piece.writes));
                break;
        }
        end_part();
    }
    return {bytes_.data(), at};
}

}  // namespace seamark::plan
