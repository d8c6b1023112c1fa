// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include "collect/experts.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_words.hpp"
#include "platform/registration.hpp"
#include "platform/shell.hpp"
#include "platform/text.hpp"
#include "stats/stats.hpp"

namespace seamark {
namespace {

constexpr char kMessages[] = "Messages by framing";
constexpr char kChunks[] = "Chunk sizes (bytes)";
constexpr char kSegments[] = "Segment sizes (bytes)";
constexpr char kChunksBegun[] = "Chunks that begin in a segment";
constexpr char kBoundaries[] = "Boundaries";
constexpr char kCauses[] = "Causes of boundaries";

int messages_node, chunks_node, segments_node, begun_node, boundaries_node, causes_node;

void init(stats_tree* tree) {
    messages_node = stats_tree_create_node(tree, kMessages, 0, STAT_DT_INT, TRUE);
    chunks_node =
        stats_tree_create_range_node(tree, kChunks, 0, "0-0", "1-15", "16-63", "64-255", "256-1023",
                                     "1024-4095", "4096-16383", "16384-65535", "65536-", nullptr);
    segments_node =
        stats_tree_create_range_node(tree, kSegments, 0, "1-63", "64-255", "256-1023", "1024-1460",
                                     "1461-9000", "9001-65535", "65536-", nullptr);
    begun_node = stats_tree_create_node(tree, kChunksBegun, 0, STAT_DT_INT, FALSE);
    boundaries_node = stats_tree_create_node(tree, kBoundaries, 0, STAT_DT_INT, TRUE);
    causes_node = stats_tree_create_node(tree, kCauses, 0, STAT_DT_INT, TRUE);
}

void tick(stats_tree* tree, const char* name, int parent) {
    tick_stat_node(tree, shown_text(name).c_str(), parent, FALSE);
}

/// Range nodes take int.
int clamp(std::uint64_t value) {
    constexpr std::uint64_t kMost = 0x7fffffff;
    return static_cast<int>(value < kMost ? value : kMost);
}

void tick_message(stats_tree* tree, const SegmentView& view, const Piece& piece) {
    const Message& message = view.message(piece);
    // A message is counted where its head ends: there its framing is known in any pass.
    if (piece.kind != PieceKind::kHead || !message.head_whole ||
        piece.range.end != message.head.end)
        return;
    tick_stat_node(tree, kMessages, 0, TRUE);
    const std::string name = std::string(message.is_request() ? "request, " : "response, ") +
                             std::string(to_string(message.framing));
    tick(tree, name.c_str(), messages_node);
}

/// A chunk is counted where its size line ends. True when that is in this piece.
bool tick_chunk(stats_tree* tree, const SegmentView& view, const Piece& piece) {
    if (piece.kind != PieceKind::kSizeLine) return false;
    const Chunk& chunk = view.chunk(piece);
    if (piece.range.end != chunk.header().end) return false;
    tick(tree, kChunks, 0);
    stats_tree_tick_range(tree, kChunks, 0, clamp(chunk.size));
    return true;
}

void tick_causes(stats_tree* tree, const SegmentView& view) {
    for (const Verdict& verdict :
         judge_segment(view.tracked->connection, view.side, *view.segment)) {
        if (verdict.boundary == Boundary::kNone) continue;  // it is no boundary
        const std::string name = shown_text(std::string(to_string(verdict.boundary)) + ": " +
                                            words::causes(verdict.causes) + " (" +
                                            std::string(to_string(verdict.confidence)) + ")");
        const int boundaries = clamp(verdict.boundaries);
        increase_stat_node(tree, kCauses, 0, TRUE, boundaries);
        increase_stat_node(tree, name.c_str(), causes_node, FALSE, boundaries);
    }
}

void tick_segment(stats_tree* tree, const SegmentView& view) {
    tick_causes(tree, view);
    if (view.stream().is_copy(*view.segment)) return;
    if (view.segment->retransmission()) {
        tick_stat_node(tree, kBoundaries, 0, TRUE);
        tick(tree, "retransmission", boundaries_node);
        return;
    }
    tick(tree, kSegments, 0);
    stats_tree_tick_range(tree, kSegments, 0, clamp(view.segment->wire_length));
    int begun = 0;
    std::uint32_t previous = Piece::kNoChunk;
    bool split = false;
    const auto look = [&](const SegmentView& at) {
        for (const Piece& piece : at.pieces) {
            if (!at.readable(piece)) continue;
            tick_message(tree, at, piece);
            begun += tick_chunk(tree, at, piece) ? 1 : 0;
            if (piece.chunk != Piece::kNoChunk && piece.chunk != previous) {
                previous = piece.chunk;
                split = split || experts::chunk_goes_on(at, piece);
            }
        }
    };
    look(view);
    if (view.inside != nullptr) look(*view.inside);
    avg_stat_node_add_value_int(tree, kChunksBegun, 0, FALSE, begun);
    if (split) {
        tick_stat_node(tree, kBoundaries, 0, TRUE);
        tick(tree, "segment goes on with a chunk of an earlier one", boundaries_node);
    }
    if (experts::least_writes(view) > 1) {
        tick_stat_node(tree, kBoundaries, 0, TRUE);
        tick(tree, "segment carries several writes", boundaries_node);
    }
    const auto payload = view.connection().max_payload(view.side, view.options_length);
    if (payload && view.segment->wire_length > *payload) {
        tick_stat_node(tree, kBoundaries, 0, TRUE);
        tick(tree, "segment is more than one packet (super-segment)", boundaries_node);
    }
}

tap_packet_status count(stats_tree* tree, packet_info*, epan_dissect_t*, const void* data,
                        tap_flags_t) {
    for (const SegmentView& view : static_cast<const TapRecord*>(data)->view->segments())
        tick_segment(tree, view);
    return TAP_PACKET_REDRAW;
}

}  // namespace

void register_stats_tree() {
    static const std::string title = std::string("Seamark") + ws::kMenuSeparator + "Counts";
    registration::add_counts("seamark", "seamark", title.c_str(), shell<count>, shell<init>);
}

}  // namespace seamark
