// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/lanes_text.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/number_text.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/legs_text.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"

namespace seamark {
namespace {

constexpr const char* kGoesOn = "│";
using Cells = std::vector<std::string>;
using Widths = std::vector<std::size_t>;  // 0: no such column

/// What stands in a column of the table: a lane, or the cause of the segments.
struct Column {
    const LaneStyle* style;
    std::size_t lane;    // index in Lanes
    bool cause = false;  // of its pieces, instead of the pieces
};

/// What the table shows of a direction. causes: of each piece of the segments' lane.
struct Table {
    const Lanes& lanes;
    std::vector<LaneRow> rows;
    std::vector<Column> columns;
    std::vector<std::string> causes;
};

Table table_of(const Lanes& lanes, LaneTable styles) {
    Table table{lanes, lane_rows(lanes), {}, {}};
    for (std::size_t i = 0; i < lanes.lanes.size(); ++i) {
        const LaneStyle* style = style_of(styles, lanes.lanes[i].kind);
        if (style == nullptr || style->names.column.empty()) continue;
        table.columns.push_back({style, i});
        if (style->kind != LaneKind::kSegments) continue;
        table.columns.push_back({style, i, true});
        for (const LanePiece& piece : lanes.lanes[i].pieces)
            table.causes.push_back(words::cause(lanes, piece.as<SegmentPiece>()));
    }
    return table;
}

Cells names_of(const Table& table) {
    Cells names{"offset+bytes"};
    for (const Column& column : table.columns)
        names.emplace_back(column.cause ? "cause" : column.style->named(table.lanes).column);
    return names;
}

/// The label where the piece begins in this row, else that it goes on.
std::string cell_of(const Table& table, const Column& column, const LaneRow& row,
                    const LaneRow& above) {
    const std::size_t piece = row.pieces[column.lane];
    if (piece == LaneRow::kNone)
        return column.cause ? std::string() : std::string(column.style->named(table.lanes).absent);
    const bool begins = above.pieces.empty() || above.pieces[column.lane] != piece;
    if (column.cause) return begins ? table.causes[piece] : kGoesOn;
    std::string text = column.style->cell(
        table.lanes, table.lanes.lanes[column.lane].pieces[piece], row.range, begins);
    if (begins) return text;
    return text.empty() ? kGoesOn : kGoesOn + (" " + text);
}

Cells cells_of(const Table& table, const LaneRow& row, const LaneRow& above) {
    Cells cells{words::text(table.lanes.offset(row.range.begin)) + "+" +
                std::to_string(row.range.length())};
    for (const Column& column : table.columns) cells.push_back(cell_of(table, column, row, above));
    return cells;
}

/// Calls visit(LaneRow, LaneRow above) for each row; above has no pieces where there is no row
/// right above.
template <typename Visit>
void each_row(const std::vector<LaneRow>& rows, Visit visit) {
    const LaneRow none;
    const LaneRow* above = &none;
    for (const LaneRow& row : rows) {
        if (row.range.begin != above->range.end) above = &none;
        visit(row, *above);
        above = &row;
    }
}

bool cause_known(const Table& table) {
    return std::any_of(table.causes.begin(), table.causes.end(), [](const std::string& cause) {
        return !cause.empty() && cause != to_string(Cause::kUnknown);
    });
}

Widths widths_of(const Table& table, const Cells& names) {
    Widths widths(names.size(), 0);
    widen(widths, names);
    each_row(table.rows, [&](const LaneRow& row, const LaneRow& above) {
        widen(widths, cells_of(table, row, above));
    });
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const Column& column = table.columns[i];
        // Inside TLS, that no HTTP was recognised says nothing.
        const bool inside =
            column.style->kind == LaneKind::kChunks && table.lanes.stream->records() != nullptr;
        const bool known = column.cause ? cause_known(table)
                                        : (column.style->always && !inside) ||
                                              !table.lanes.lanes[column.lane].pieces.empty();
        if (!known) widths[i + 1] = 0;
    }
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
        write_wrapped(remark, sink);
    }
}

void write_direction(const Lanes& lanes, const LineSink& sink, LaneTable styles) {
    const Table table = table_of(lanes, styles);
    const Cells names = names_of(table);
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
                      const std::vector<StackedLegs>& stacks, LaneTable styles) {
    for (const StackedLegs& stack : stacks) {
        if (&stack != &stacks.front()) sink("");
        write_legs_text(stack, sink, styles);
    }
    for (const Lanes& lanes : all) {
        if (&lanes != &all.front() || !stacks.empty()) sink("");
        write_direction(lanes, sink, styles);
    }
}

}  // namespace seamark
