// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/lanes_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/report/cause_words.hpp"
#include "core/report/legs_text.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"

namespace seamark {
namespace {

constexpr std::size_t kCells = 6;  // offset, write, chunk, segment, its cause, read
using Cells = std::array<std::string, kCells>;
constexpr const char* kGoesOn = "│";
using Widths = std::array<std::size_t, kCells>;  // 0: no such column

/// A cell: the label where the piece begins in this row, else that it goes on; none where no piece
/// has the bytes.
template <typename Label>
std::string cell(std::size_t piece, std::size_t above, const char* none, Label label) {
    if (piece == LaneRow::kNone) return none;
    return piece == above ? kGoesOn : label(piece);
}

/// What the table shows of a direction. causes: of each of its segments.
struct Table {
    const Lanes& lanes;
    std::vector<LaneRow> rows;
    std::vector<std::string> causes;
};

std::vector<std::string> causes_of(const Lanes& lanes) {
    std::vector<std::string> causes;
    causes.reserve(lanes.segments.size());
    for (const SegmentPiece& piece : lanes.segments) causes.push_back(words::cause(lanes, piece));
    return causes;
}

Cells cells_of(const Table& table, const LaneRow& row, const LaneRow& above) {
    const Lanes& lanes = table.lanes;
    constexpr const char* kNotRecorded = "not recorded";
    Cells cells;
    cells[0] =
        std::to_string(lanes.offset(row.range.begin)) + "+" + std::to_string(row.range.length());
    cells[1] = cell(row.write, above.write, lanes.writes_from_tags ? "" : kNotRecorded,
                    [&](std::size_t i) { return words::label(lanes.writes[i], true); });
    cells[2] = cell(row.chunk, above.chunk, "no HTTP",
                    [&](std::size_t i) { return words::label(lanes, lanes.chunks[i]); });
    if (row.chunk != LaneRow::kNone) {
        const std::string parts = words::parts(lanes.chunks[row.chunk], row.range);
        if (!parts.empty()) cells[2] += " " + parts;
    }
    cells[3] = cell(row.segment, above.segment, "",
                    [&](std::size_t i) { return words::label(lanes.segments[i]); });
    cells[4] = cell(row.segment, above.segment, "", [&](std::size_t i) { return table.causes[i]; });
    cells[5] = cell(row.read, above.read, kNotRecorded,
                    [&](std::size_t i) { return words::label(lanes.reads[i], false); });
    return cells;
}

/// Calls visit(LaneRow, LaneRow above) for each row; above has no piece where there is no row right
/// above.
template <typename Visit>
void each_row(const std::vector<LaneRow>& rows, Visit visit) {
    LaneRow above;
    for (const LaneRow& row : rows) {
        if (row.range.begin != above.range.end) above = LaneRow{};
        visit(row, above);
        above = row;
    }
}

Widths widths_of(const Table& table, const Cells& names) {
    Widths widths{};
    widen(widths, names);
    each_row(table.rows, [&](const LaneRow& row, const LaneRow& above) {
        widen(widths, cells_of(table, row, above));
    });
    const bool cause_known =
        std::any_of(table.causes.begin(), table.causes.end(), [](const std::string& cause) {
            return !cause.empty() && cause != to_string(Cause::kUnknown);
        });
    if (table.lanes.writes.empty()) widths[1] = 0;
    if (!cause_known) widths[4] = 0;
    if (table.lanes.reads.empty()) widths[5] = 0;
    fit_columns(widths);
    return widths;
}

void write_heading(const Lanes& lanes, const LineSink& sink) {
    const std::string who =
        words::end_point(lanes.source()) + " → " + words::end_point(lanes.destination());
    const std::string what = words::heading(lanes);
    if (width_of(what) + width_of(who) + kTextGap <= kMostTextColumns) {
        sink(what + ", " + who);
    } else {
        sink(what);
        sink(who);
    }
    for (const std::string& remark : words::remarks_without_time(lanes)) {
        std::string_view rest = remark;
        while (rest.size() > kMostTextColumns) {
            const auto blank = rest.rfind(' ', kMostTextColumns);
            if (blank == std::string_view::npos) break;
            sink(rest.substr(0, blank));
            rest.remove_prefix(blank + 1);
        }
        sink(cut(std::string(rest), kMostTextColumns));
    }
}

void write_direction(const Lanes& lanes, const LineSink& sink) {
    const Cells names{"offset+bytes", lanes.writes_from_tags ? "write (tags)" : "write",
                      "chunk",        "segment frame:bytes",
                      "cause",        "read"};
    const Table table{lanes, lane_rows(lanes), causes_of(lanes)};
    const Widths widths = widths_of(table, names);
    write_heading(lanes, sink);
    std::size_t written = 0;
    each_row(table.rows, [&](const LaneRow& row, const LaneRow& above) {
        if (written++ % kTextRowsAPage == 0) sink(line_of(names, widths));
        if (written > 1 && above.range.empty()) sink("…");
        sink(line_of(cells_of(table, row, above), widths));
    });
}

}  // namespace

void write_lanes_text(const std::vector<Lanes>& all, const LineSink& sink,
                      const std::vector<StackedLegs>& stacks) {
    for (const StackedLegs& stack : stacks) {
        if (&stack != &stacks.front()) sink("");
        write_legs_text(stack, sink);
    }
    for (const Lanes& lanes : all) {
        if (&lanes != &all.front() || !stacks.empty()) sink("");
        write_direction(lanes, sink);
    }
}

}  // namespace seamark
