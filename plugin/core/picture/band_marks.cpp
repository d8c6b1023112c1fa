// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/band_marks.hpp"

#include <algorithm>
#include <utility>

#include "core/report/cause_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {
namespace {

/// What is news between two lanes. A read that took what one segment carried is none.
bool says(const PageMark& mark) {
    const Verdict& verdict = mark.verdict;
    if (verdict.confidence == Confidence::kUnknown) return false;
    switch (verdict.boundary) {
        case Boundary::kWhole:
        case Boundary::kNone:
            return false;
        case Boundary::kRead:
            return verdict.causes.front() != Cause::kSegment;
        case Boundary::kCut:
            return verdict.causes.front() != Cause::kEnd;
        case Boundary::kMerge:
        case Boundary::kHeld:
        case Boundary::kRest:
            break;
    }
    return true;
}

std::vector<std::string> labels_of(const PageMark& mark) {
    const Verdict& verdict = mark.verdict;
    const std::string why =
        words::cause_names(verdict.causes) + (verdict.confidence == Confidence::kKnown ? "" : "?");
    const std::int64_t waited = mark.until - mark.first;
    const std::string wait = waited > 0 ? " " + words::milliseconds(waited) : "";
    const std::string brief = words::cause_names({verdict.causes.front()}) +
                              (verdict.causes.size() > 1 ? "…" : "") +
                              (verdict.confidence == Confidence::kKnown ? "" : "?");
    switch (verdict.boundary) {
        case Boundary::kMerge: {
            const std::string number = std::to_string(verdict.boundaries + 1);
            return {number + " writes merged: " + why + (wait.empty() ? "" : ", waited" + wait),
                    number + " merged: " + why + wait, why + wait, why, brief};
        }
        case Boundary::kHeld:
            return {"held" + wait + ": " + why, why + wait, why, brief};
        case Boundary::kCut:
            return {"cut: " + why, why, brief};
        case Boundary::kRest:
            return {"the rest waits" + wait + ": " + why, why + wait, why, brief};
        case Boundary::kRead:
        case Boundary::kWhole:
        case Boundary::kNone:
            break;
    }
    return {why + wait, why, brief};
}

}  // namespace

BandMarks::BandMarks(const PageMarks& marks, const Lane& lane, const Axis& axis) {
    for (const PageMark& mark : marks.of(lane)) {
        if (!says(mark)) continue;
        // A boundary has no bytes: it lies where the byte in front of it ends.
        const ByteRange bytes =
            mark.where.empty() ? ByteRange{mark.where.begin - 1, mark.where.begin} : mark.where;
        auto where = axis(bytes);
        if (!where) continue;
        if (mark.where.empty()) where->begin = where->end;
        std::string title = words::sentence(mark.verdict) + " (" +
                            std::string(to_string(mark.verdict.confidence)) + ")";
        const bool known = mark.verdict.confidence == Confidence::kKnown;
        if (!entries_.empty() && where->empty() && entries_.back().where == *where) {
            // What cut there and what the rest waits for are one boundary.
            Entry& same = entries_.back();
            const std::vector<std::string> more = labels_of(mark);
            same.labels.insert(same.labels.begin(), same.labels.front() + "; " + more.front());
            same.title += ". " + title;
            same.known = same.known && known;
            continue;
        }
        entries_.push_back({*where, known, labels_of(mark), std::move(title)});
    }
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry& a, const Entry& b) { return a.where.begin < b.where.begin; });
}

void BandMarks::draw(BandPage& page, const Band& band, std::string_view name) {
    while (place_ < entries_.size() && entries_[place_].where.end <= band.range.begin) ++place_;
    if (place_ == entries_.size() || entries_[place_].where.begin > band.range.end) return;
    page.begin_marks(name);
    AxisOffset edge = band.range.begin;  // of what is drawn so far
    for (std::size_t i = place_; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (entry.where.begin > band.range.end) break;
        if (!entry.where.empty()) {
            // A write that was merged with two others is at the end of one bar and begins the next.
            const AxisRange free{std::max(entry.where.begin, edge), entry.where.end};
            if (free.begin < std::min(free.end, band.range.end))
                page.bar(band, free, entry.known, entry.labels, entry.title);
            edge = std::max(edge, entry.where.end);
            continue;
        }
        const bool more = i + 1 < entries_.size() && entries_[i + 1].where.begin <= band.range.end;
        page.cut(band, entry.where.begin, more ? entries_[i + 1].where.begin : band.range.end,
                 entry.known, entry.labels, entry.title);
    }
    page.end_marks();
}

}  // namespace seamark
