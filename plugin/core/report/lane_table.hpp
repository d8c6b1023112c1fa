// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/lanes/lanes.hpp"

namespace seamark {

/// What a lane is called where.
struct LaneNames {
    std::string_view picture;       // beside its pieces: "writes"
    std::string_view column;        // of the text table; empty: it has none
    std::string_view leg_picture;   // where two legs are drawn
    std::string_view leg_column;    // of the table of two legs
    std::string_view absent = {};   // in the text table where no piece has the bytes
    std::string_view heading = {};  // of its part of the page about a frame; empty: picture
};

/// From its first to its last moment, ns since 1970.
struct LaneTime {
    std::int64_t begin;
    std::int64_t end;
};

/// How a kind of lane is named, coloured and described. Text, pictures and pages draw whatever
/// lanes there are by this; a new kind is a row here and a producer in core/lanes.
struct LaneStyle {
    LaneKind kind;
    LaneNames names;
    LaneNames other_names;  // of writes that only tags show, of chunks inside TLS; else as names
    bool always = false;    // the text table has its column even where nothing is known
    bool in_time = true;    // drawn over time

    /// A class of the pictures' style sheet.
    std::string_view (*look)(const LanePiece& piece);
    /// What stands in a piece, as far as there is room.
    std::string (*label)(const Lanes& lanes, const LanePiece& piece);
    /// The same in the text table, for the bytes of one row: also which part of the piece they are.
    std::string (*cell)(const Lanes& lanes, const LanePiece& piece, ByteRange row, bool begins);
    /// The same in the table of two legs. brief: where there is little room.
    std::string (*leg_cell)(const Lanes& lanes, const LanePiece& piece, bool brief);
    /// Sentences about a piece.
    std::string (*title)(const Lanes& lanes, const LanePiece& piece);

    /// Parts of a piece that are drawn darker: what is not data. null: none.
    std::span<const ByteRange> (*dark)(const LanePiece& piece,
                                       std::span<ByteRange, 2> room) = nullptr;
    /// When it was, where the piece itself shows; null: when its bytes were captured.
    std::optional<LaneTime> (*time)(const LanePiece& piece) = nullptr;
    /// What the time adds to the title: ", returned after 1.250 ms". null: how long the capture of
    /// its bytes took.
    std::string (*time_note)(const LanePiece& piece) = nullptr;

    /// Who cuts the bytes so, as people name the layer: "kernel". Empty: as the lane is named.
    std::string_view layer = {};
    /// label and title for the interactive page, where there is more room, and where what the peers
    /// chose (names and ids of events, chunk extensions) is left out. null: label and title do.
    std::string (*page_label)(const Lanes& lanes, const LanePiece& piece) = nullptr;
    std::string (*page_title)(const Lanes& lanes, const LanePiece& piece) = nullptr;

    const LaneNames& named(const Lanes& lanes) const {
        // Inside TLS, that no HTTP was recognised says nothing of a record.
        const bool other =
            kind == LaneKind::kChunks ? lanes.stream->records() != nullptr : lanes.writes_from_tags;
        return other ? other_names : names;
    }
};

using LaneTable = std::span<const LaneStyle>;
/// Of the lanes of this program, in order from the application down to the receiver.
LaneTable lane_table();
/// The row of a kind; null where the table has none, and such a lane is not drawn.
const LaneStyle* style_of(LaneTable table, LaneKind kind);

}  // namespace seamark
