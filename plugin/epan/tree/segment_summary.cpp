// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/segment_summary.hpp"

namespace seamark {

void WordRuns::add(std::string_view word) {
    if (times_ > 0 && word == word_) {
        if (!cut_) ++times_;
        return;
    }
    if (times_ > 0 && text_.size() >= kLongest) {
        cut_ = true;
        return;
    }
    if (times_ > 0) text_ += run() + ", ";
    word_ = word;
    times_ = 1;
}

std::string WordRuns::run() const {
    return word_ + (times_ > 1 ? " \xc3\x97" + std::to_string(times_) : std::string());
}

std::string WordRuns::text() const {
    if (times_ == 0) return {};
    return text_ + run() + (cut_ ? ", \xe2\x80\xa6" : "");
}

void SegmentSummary::add_pieces(const SegmentView& view) {
    std::uint32_t previous = Piece::kNoChunk;
    const Message* message = nullptr;
    for (const Piece& piece : view.pieces) {
        head = head || piece.kind == PieceKind::kHead;
        body = body || piece.kind == PieceKind::kBody;
        if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
        previous = piece.chunk;
        if (message != nullptr && message != &view.message(piece)) {  // whose numbers begin anew
            chunks.end_run();
            writes.end_run();
        }
        message = &view.message(piece);
        chunks.add(view.chunk_number(piece));
        const Chunk& chunk = view.chunk(piece);
        if (view.overlay().knows_writes(chunk.range())) continue;
        const auto tagged = view.overlay().writes(view.message(piece), chunk).range;
        if (tagged) writes.add(tagged->first, tagged->last);
    }
}

SegmentSummary::SegmentSummary(const SegmentView& view) {
    add_pieces(view);
    if (view.inside != nullptr) add_pieces(*view.inside);
    const ByteRange range = view.segment->wire_range();
    view.overlay().each_write(range, [&](std::uint64_t index) { writes.add(index); });
    if (const RecordFramer* framer = view.stream().records())
        view.each_own_run([&](ByteRange own) {
            framer->each(own,
                         [&](std::uint32_t index, const TlsRecord&) { records.add(index + 1); });
        });
}

WordRuns sizes_in(const SegmentView& view) {
    WordRuns sizes;
    for (const SegmentView* one : {&view, view.inside}) {
        if (one == nullptr) continue;
        std::uint32_t previous = Piece::kNoChunk;
        for (const Piece& piece : one->pieces) {
            if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
            previous = piece.chunk;
            sizes.add(one->chunk(piece).hex());
        }
    }
    return sizes;
}

NumberRuns reads_of(const SegmentView& view) {
    NumberRuns reads;
    view.stream().each_call(view.stream().reads(), view.segment->wire_range(),
                            [&](ByteRange, const CallRecord& call) { reads.add(call.index); });
    return reads;
}

}  // namespace seamark
