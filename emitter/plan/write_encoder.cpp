// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/write_encoder.hpp"

#include <algorithm>
#include <charconv>

#include "plan/chunk_encoder.hpp"

namespace seamark::plan {
namespace {

/// Two field lines, each with a number of up to 20 digits.
constexpr std::size_t longest_trailers = std::size_t{2} * (20 + 20 + 4);

}  // namespace

std::string_view WriteEncoder::tag(std::uint64_t first, std::uint32_t writes) {
    if (!settings_.tag || writes == 0) return {};
    const std::string_view index = index_.of(first);
    if (writes == 1) return index;
    range_.resize(longest_tag);
    char* at = std::copy(index.begin(), index.end(), range_.data());
    *at++ = '-';
    at = std::to_chars(at, range_.data() + range_.size(), first + writes - 1).ptr;
    return {range_.data(), at};
}

std::string_view WriteEncoder::trailer_section(std::uint64_t index) {
    if (!settings_.trailers) return {};
    trailers_ = "Seamark-Last-Write: " + std::to_string(index) +
                "\r\nSeamark-Body-Bytes: " + std::to_string(data_) + "\r\n";
    return trailers_;
}

EncodedWrite WriteEncoder::encode(const PlannedWrite& write, std::uint64_t index,
                                  std::string_view head) {
    const std::size_t room =
        head.size() + write.size + write.pieces.size() * longest_line + longest_trailers;
    if (room_ < room) {
        bytes_.reset();  // first, so that there are never two
        bytes_ = std::make_unique_for_overwrite<char[]>(room);
        room_ = room;
    }
    ends_.clear();
    char* at = std::copy(head.begin(), head.end(), bytes_.get());
    const auto end_piece = [&] { ends_.push_back(static_cast<std::size_t>(at - bytes_.get())); };
    if (!head.empty()) end_piece();
    for (const Piece& piece : write.pieces) {
        switch (piece.kind) {
            case PieceKind::size_line:
                at = put_size_line(at, piece.length, tag(index, piece.writes));
                break;
            case PieceKind::data:
                at = piece.text ? std::copy_n(piece.text, piece.length, at)
                                : source_.put(at, piece.length);
                data_ += piece.length;
                break;
            case PieceKind::line_end:
                at = put_line_end(at);
                break;
            case PieceKind::last_chunk:
                at = put_last_chunk(at, tag(index, piece.writes), trailer_section(index));
                break;
        }
        end_piece();
    }
    return {{bytes_.get(), at}, ends_};
}

}  // namespace seamark::plan
