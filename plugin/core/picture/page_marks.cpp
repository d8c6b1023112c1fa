// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_marks.hpp"

#include <algorithm>
#include <utility>

#include "core/base/number_text.hpp"
#include "core/cause/read_cause.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/picture/capture_times.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

/// The write after the last boundary that a verdict is for.
std::uint64_t last_write(const Verdict& verdict) {
    for (const Evidence& evidence : verdict.evidence)
        if (evidence.kind == EvidenceKind::kFirstOf) return evidence.numbers[2];
    return verdict.subject + 1;
}

/// What is said of a number of boundaries; empty where a mark is no news.
std::string deed(Boundary boundary, std::uint64_t number, bool writes) {
    const std::string some = words::count(number, "write");
    switch (boundary) {
        case Boundary::kMerge:
            return some + " joined with the next";
        case Boundary::kCut:
            return words::count(number, "cut") + (writes ? " inside writes" : "");
        case Boundary::kHeld:
            return some + " held";
        case Boundary::kWhole:
        case Boundary::kRest:
        case Boundary::kRead:
        case Boundary::kNone:
            break;
    }
    return {};
}

/// Bytes of heads and of what frames chunks, among all that the lane of chunks has.
std::string framing_share(const Lanes& lanes) {
    std::uint64_t all = 0;
    std::uint64_t data = 0;
    for (const LanePiece& lane_piece : lanes.pieces(LaneKind::kChunks)) {
        const auto& piece = lane_piece.as<ChunkPiece>();
        if (piece.inside()) return {};
        all += piece.range.length();
        if (piece.chunk != nullptr) {
            data += intersect(piece.chunk->data(), piece.range).length();
        } else if (piece.kind == PieceKind::kBody) {
            data += piece.range.length();
        }
    }
    if (all == 0 || data == 0) return {};
    return "heads and chunk framing: " + words::text((all - data) * 100 / all) + " % of the bytes";
}

}  // namespace

PageMarks::PageMarks(const Lanes& lanes) : lanes_(lanes) {
    for (const LanePiece& lane_piece : lanes.pieces(LaneKind::kWrites)) {
        const auto& piece = lane_piece.as<CallPiece>();
        if (piece.call != nullptr)
            writes_.try_emplace(piece.call->index, Write{piece.range, piece.call});
    }
}

const PageMarks::Write* PageMarks::write(std::uint64_t index) const {
    const auto at = writes_.find(index);
    return at != writes_.end() ? &at->second : nullptr;
}

PageMark PageMarks::mark(const SegmentPiece& piece, const LanePiece* next,
                         const Verdict& verdict) const {
    PageMark mark{0, {piece.range.end, piece.range.end}, 0, 0, 0, verdict};
    const Write* first = write(verdict.subject);
    if (verdict.boundary == Boundary::kRest && next != nullptr) {
        const Segment* later = next->as<SegmentPiece>().segment;
        if (later != nullptr) {
            mark.first = mark.last = piece.segment->time;
            mark.until = later->time;
        }
    }
    if (first == nullptr) return mark;
    if (verdict.boundary == Boundary::kMerge) {
        const Write* last = write(last_write(verdict));
        const Write* before = write(last_write(verdict) - 1);
        if (last == nullptr) last = first;
        if (before == nullptr) before = first;
        mark.where = intersect(piece.range, {first->range.begin, last->range.end});
        mark.first = first->call->left;
        mark.last = before->call->left;
        mark.until = piece.segment->time;
    } else if (verdict.boundary == Boundary::kHeld) {
        mark.where = intersect(piece.range, first->range);
        mark.first = mark.last = first->call->left;
        mark.until = piece.segment->time;
    }
    return mark;
}

std::vector<PageMark> PageMarks::of(const Lane& lane) const {
    std::vector<PageMark> marks;
    const Connection& connection = *lanes_.entry->connection;
    if (lane.kind == LaneKind::kSegments) {
        const Segment* judged = nullptr;
        for (std::size_t i = 0; i < lane.pieces.size(); ++i) {
            const auto& piece = lane.pieces[i].as<SegmentPiece>();
            if (piece.segment == nullptr || piece.segment == judged) continue;
            judged = piece.segment;
            const LanePiece* next = i + 1 < lane.pieces.size() ? &lane.pieces[i + 1] : nullptr;
            for (const Verdict& verdict : judge_segment(connection, lanes_.side, *piece.segment)) {
                marks.push_back(mark(piece, next, verdict));
                marks.back().piece = i;
            }
        }
    }
    if (lane.kind == LaneKind::kReads) {
        CaptureTimes captured(lanes_.pieces(LaneKind::kSegments));
        for (std::size_t i = 0; i < lane.pieces.size(); ++i) {
            const auto& piece = lane.pieces[i].as<CallPiece>();
            if (piece.call == nullptr) continue;
            PageMark mark{i, piece.range,
                          0, 0,
                          0, judge_read(connection, lanes_.side, piece.range, *piece.call)};
            if (const auto came = captured.of(piece.range)) {
                mark.first = came->begin;
                mark.last = came->end;
                mark.until = piece.call->entered;
            }
            marks.push_back(mark);
        }
    }
    return marks;
}

PageMark PageMarks::of(const Segment& again, std::size_t piece) const {
    const auto verdicts = judge_segment(*lanes_.entry->connection, lanes_.side, again);
    return {piece, again.range(), 0, 0, 0, verdicts.front()};
}

std::vector<std::string> page_totals(const Lanes& lanes, const std::vector<PageMark>& segments) {
    std::string counts;
    const auto count = [&](LaneKind kind, const char* noun) {
        const auto pieces = lanes.pieces(kind);
        if (pieces.empty()) return;
        if (!counts.empty()) counts += " → ";
        counts += words::count(pieces.size(), noun);
    };
    count(LaneKind::kWrites, "write");
    count(LaneKind::kSegments, "segment");
    count(LaneKind::kReads, "read");
    std::vector<std::string> out{counts};
    std::map<std::pair<Boundary, std::string>, std::uint64_t> deeds;
    for (const PageMark& mark : segments) {
        const Verdict& verdict = mark.verdict;
        std::string why = words::cause_names(verdict.causes);
        if (verdict.confidence != Confidence::kUnknown)
            why += " (" + std::string(to_string(verdict.confidence)) + ")";
        deeds[{verdict.boundary, why}] += verdict.boundaries;
    }
    std::vector<std::pair<std::uint64_t, std::string>> lines;
    for (const auto& [what, number] : deeds) {
        const std::string said = deed(what.first, number, !lanes.pieces(LaneKind::kWrites).empty());
        if (!said.empty()) lines.emplace_back(number, said + ": " + what.second);
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (auto& line : lines) out.push_back(std::move(line.second));
    if (std::string share = framing_share(lanes); !share.empty()) out.push_back(std::move(share));
    return out;
}

}  // namespace seamark
