// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/legs_text.hpp"

#include <functional>

#include "core/base/number_text.hpp"
#include "core/report/leg_words.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/text_table.hpp"

namespace seamark {
namespace {

using words::text;

using Cells = std::vector<std::string>;

/// A column: its name, and what stands in it for a place in its lane; brief: of calls the index
/// alone.
struct LegColumn {
    std::string name;
    const BodyLane* lane;
    std::function<std::string(std::size_t place, bool brief)> cell;
};

/// The lanes of a leg of which something is known.
void add_columns(const LegLanes& leg, LaneTable styles, std::vector<LegColumn>& columns) {
    for (std::size_t lane = 0; lane < leg.body.size(); ++lane) {
        const Lane& of = leg.lanes.lanes[lane];
        const LaneStyle* style = style_of(styles, of.kind);
        if (style == nullptr || leg.body[lane].empty()) continue;
        columns.push_back({std::string(style->named(leg.lanes).leg_column), &leg.body[lane],
                           [&leg, &of, style, lane](auto place, bool brief) {
                               return style->leg_cell(
                                   leg.lanes, of.pieces[leg.body[lane][place].piece], brief);
                           }});
    }
}

void add_held(const StackedLegs& stack, std::vector<LegColumn>& columns) {
    if (stack.held.empty()) return;
    columns.push_back({"held ms", &stack.held, [&stack](std::size_t place, bool) {
                           const std::string time = words::milliseconds(stack.runs[place].held());
                           return time.substr(0, time.find(' '));
                       }});
}

Cells cells_of(const std::vector<LegColumn>& columns, const BodyRow& row, const BodyRow* above,
               bool brief) {
    Cells cells{text(row.range.begin) + "+" + text(row.range.length())};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t place = row.places[i];
        if (place == BodyRow::kNone) {
            cells.emplace_back();
        } else if (above != nullptr && above->places[i] == place) {
            cells.emplace_back("│");
        } else {
            cells.push_back(columns[i].cell(place, brief));
        }
    }
    return cells;
}

/// The row right above, if there is one.
const BodyRow* above(const std::vector<BodyRow>& rows, std::size_t row) {
    const bool touches = row > 0 && rows[row - 1].range.end == rows[row].range.begin;
    return touches ? &rows[row - 1] : nullptr;
}

/// Where each column begins in a line.
std::size_t begin_of(std::size_t column, const std::vector<std::size_t>& widths) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < column; ++i) begin += widths[i] + kTextGap;
    return begin;
}

/// second: the first column of the lower leg; 0 where there is one leg only.
void write_table(const std::vector<LegColumn>& columns, std::size_t second,
                 const std::vector<BodyRange>& shown, const LineSink& sink) {
    std::vector<const BodyLane*> lanes;
    Cells names{"body+bytes"};
    for (const LegColumn& column : columns) {
        lanes.push_back(column.lane);
        names.push_back(column.name);
    }
    const std::vector<BodyRow> rows = body_rows(shown, lanes);
    std::vector<std::size_t> widths;
    const auto measure = [&](bool brief) {
        widths.assign(names.size(), 0);
        widen(widths, names);
        for (std::size_t i = 0; i < rows.size(); ++i)
            widen(widths, cells_of(columns, rows[i], above(rows, i), brief));
        return begin_of(widths.size(), widths) <= kMostTextColumns + kTextGap;
    };
    const bool brief = !measure(false);
    if (brief) measure(true);
    fit_columns(widths);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % kTextRowsAPage == 0) {
            if (second > 0) {
                const std::string upstream =
                    std::string(begin_of(1, widths), ' ') + std::string("upstream");
                const std::size_t down = begin_of(second + 1, widths);
                if (down > upstream.size())
                    sink(upstream + std::string(down - upstream.size(), ' ') + "downstream");
            }
            sink(line_of(names, widths));
        }
        if (i > 0 && above(rows, i) == nullptr) sink("…");
        sink(line_of(cells_of(columns, rows[i], above(rows, i), brief), widths));
    }
}

}  // namespace

void write_legs_text(const StackedLegs& stack, const LineSink& sink, LaneTable styles) {
    sink(cut(words::heading(stack), kMostTextColumns));
    for (const std::string& remark : words::remarks(stack)) sink(cut(remark, kMostTextColumns));
    for (const LegLanes* leg : {&stack.upstream, &stack.downstream}) {
        sink(cut(words::leg_ends(stack, *leg), kMostTextColumns));
        if (stack.matched()) continue;
        std::vector<LegColumn> columns;
        add_columns(*leg, styles, columns);
        write_table(columns, 0, leg->shown, sink);
    }
    if (!stack.matched()) return;
    std::vector<LegColumn> columns;
    add_columns(stack.upstream, styles, columns);
    add_held(stack, columns);
    const std::size_t second = columns.size();
    add_columns(stack.downstream, styles, columns);
    write_table(columns, second, stack.upstream.shown, sink);
}

}  // namespace seamark
