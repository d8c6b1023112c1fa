// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/info_column.hpp"

#include "platform/text.hpp"
#include "tree/draw_cause.hpp"
#include "tree/number_runs.hpp"

namespace seamark {
namespace {

void append(std::string& text, std::string_view more) {
    if (more.empty()) return;
    if (!text.empty()) text += " \xc2\xb7 ";
    text += more;
}

void append_numbers(std::string& text, const char* one, const char* several,
                    const NumberRuns& runs) {
    if (runs.empty()) return;
    append(text, runs.single() ? one : several);
    text += ' ';
    text += runs.text();
}

/// What the pieces of a view are, in clear or inside TLS.
struct Summary {
    NumberRuns chunks;
    NumberRuns writes;
    bool head = false;
    bool body = false;

    void add(const SegmentView& view) {
        std::uint32_t previous = Piece::kNoChunk;
        for (const Piece& piece : view.pieces) {
            head = head || piece.kind == PieceKind::kHead;
            body = body || piece.kind == PieceKind::kBody;
            if (piece.chunk == Piece::kNoChunk || piece.chunk == previous) continue;
            previous = piece.chunk;
            chunks.add(view.chunk_number(piece));
            const Chunk& chunk = view.chunk(piece);
            if (view.overlay().knows_writes(chunk.range())) continue;
            const auto tagged = view.overlay().writes(view.message(piece), chunk).range;
            if (tagged) writes.add(tagged->first, tagged->last);
        }
    }
};

void summarize(const SegmentView& view, std::string& text) {
    Summary found;
    found.add(view);
    if (view.inside != nullptr) found.add(*view.inside);
    view.overlay().each_write(view.segment->wire_range(),
                              [&](std::uint64_t index) { found.writes.add(index); });
    NumberRuns records;
    if (const RecordFramer* framer = view.stream().records())
        view.each_own_run([&](ByteRange own) {
            framer->each(own,
                         [&](std::uint32_t index, const TlsRecord&) { records.add(index + 1); });
        });
    append_numbers(text, "record", "records", records);
    if (found.head) append(text, "head");
    if (found.body) append(text, "body");
    append_numbers(text, "chunk", "chunks", found.chunks);
    append_numbers(text, "write", "writes", found.writes);
    if (view.segment->retransmission())
        append(text, view.stream().is_copy(*view.segment) ? "duplicate" : "retransmission");
}

}  // namespace

std::string summary(const SegmentView& segment) {
    std::string text;
    summarize(segment, text);
    return text;
}

std::string summary(const FrameView& view) {
    std::string text;
    for (const SegmentView& segment : view.segments()) summarize(segment, text);
    return text;
}

void write_info_column(packet_info* pinfo, const FrameView& view) {
    const Shown text = shown(pinfo, summary(view));
    if (text.empty()) return;
    std::string verdicts;
    for (const SegmentView& segment : view.segments()) append(verdicts, headline(segment));
    if (verdicts.empty())
        append_info_column(pinfo, format(pinfo, "  [{}]", text));
    else
        prepend_info_column(pinfo, format(pinfo, "{} [{}]  ", shown(pinfo, verdicts), text));
}

}  // namespace seamark
