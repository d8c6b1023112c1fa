// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>
#include <vector>

#include "core/stream/overlay.hpp"
#include "support/model.hpp"
#include "support/text.hpp"

namespace seamark::test {
namespace {

void feed(Stream& stream, const std::vector<MadeSegment>& segments) {
    CapturedSegment syn;
    syn.header.syn = true;
    syn.header.sequence = RawSequence{0xffffff00u};  // it wraps soon
    stream.add(syn);
    for (const MadeSegment& made : segments) {
        CapturedSegment segment;
        segment.frame = FrameNumber{made.frame};
        segment.header.sequence = RawSequence{static_cast<std::uint32_t>(0xffffff01u + made.begin)};
        segment.wire_length = static_cast<std::uint32_t>(made.bytes.size());
        segment.payload = bytes_of(made.bytes);
        stream.add(segment);
    }
    stream.finish();
}

/// Only what ends a message: the model knows nothing of the rest.
std::string ends(FaultSet faults) {
    std::string text;
    faults.each([&](Fault fault) {
        if (fault != Fault::kBadLength &&
            (is_fatal(fault) || fault == Fault::kMissingBytes || fault == Fault::kUnfinished))
            text.append(" !").append(to_string(fault));
    });
    return text;
}

std::string chunk_line(const Stream& stream, const Chunk& chunk) {
    std::string line = "  " + std::string(chunk.size_line()) + " @" +
                       std::to_string(stream.public_offset(chunk.offset).value);
    std::vector<CarriedRun> runs;
    Overlay(stream).carriers(chunk.range(), ~std::size_t{0}, runs);
    for (const CarriedRun& run : runs)
        line += " " + std::to_string(static_cast<std::uint32_t>(run.frame)) + ":" +
                std::to_string(run.bytes);
    return line + " tail " + std::to_string(chunk.tail_length) + (chunk.ended ? " ended\n" : "\n");
}

}  // namespace

std::string core_reading(const std::vector<MadeSegment>& segments,
                         const std::vector<Method>& requests) {
    RequestLog answered;
    for (const Method method : requests) answered.add(0, method, StreamOffset{});
    RequestLog own;
    WaitingBudget budget;
    Stream stream(own, answered, budget);
    feed(stream, segments);
    std::string text;
    for (const Message& m : stream.messages()) {
        if (!m.is_request()) text += std::to_string(m.line.status) + " ";
        text.append(to_string(m.framing)).append(" ");
        text += std::to_string(stream.public_offset(m.head.begin).value) + "+" +
                std::to_string(m.head.length());
        if (m.framing == Framing::kContentLength)
            text += " body " +
                    (m.body.end == MessageFramer::kNever ? "far" : std::to_string(m.body.length()));
        if (m.ended) text += " ended";
        if (m.stopped()) text += " at " + std::to_string(stream.public_offset(m.stopped_at).value);
        text += ends(m.faults) + "\n";
        for (std::uint32_t i = 0; i < m.chunk_count; ++i)
            text += chunk_line(stream, stream.messages().chunk(m, i));
    }
    const std::string broken = broken_invariant(stream);
    return broken.empty() ? text : text + "\nbroken: " + broken;
}

std::string broken_invariant(const Stream& stream) {
    const RangeIndex& runs = stream.lane().runs();
    if (runs.empty()) return "";
    const auto& messages = stream.messages();
    const auto& chunks = stream.messages().chunks();
    const Overlay overlay(stream);
    std::vector<std::uint64_t> in_chunk(chunks.size());
    std::vector<std::uint64_t> in_message(messages.size());
    std::vector<Piece> pieces;
    std::string broken;
    StreamOffset run_end;
    StreamOffset piece_end;
    runs.each({StreamOffset{}, StreamOffset::max()}, [&](const OwnedRun& run) {
        if (run.begin < run_end || run.length == 0) broken = "runs overlap";
        run_end = run.end();
        pieces.clear();
        overlay.pieces(run.range(), pieces);
        for (const Piece& piece : pieces) {
            if (piece.range.empty()) broken = "an empty piece";
            if (piece.range.begin < piece_end) broken = "pieces overlap";
            if (piece.range.begin < run.begin || piece.range.end > run.end())
                broken = "a piece leaves its run";
            piece_end = piece.range.end;
            if (piece.chunk != Piece::kNoChunk)
                in_chunk[piece.chunk] += piece.range.length();
            else if (piece.kind != PieceKind::kFragment)
                in_message[piece.message] += piece.range.length();
        }
    });
    for (std::size_t i = 0; i < chunks.size(); ++i)
        if (in_chunk[i] != runs.covered(chunks[i].range()))
            broken = "chunk " + std::to_string(i + 1) + " has a byte in no piece, or in two";
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].dropped) continue;
        std::uint64_t expected = runs.covered(messages[i].head);
        if (messages[i].head_whole) expected += runs.covered(messages[i].body);
        if (in_message[i] != expected)
            broken = "message " + std::to_string(i + 1) + " has a byte in no piece, or in two";
        if (i > 0 && messages[i].head.begin < messages[i - 1].head.end) broken = "heads overlap";
    }
    return broken;
}

}  // namespace seamark::test
