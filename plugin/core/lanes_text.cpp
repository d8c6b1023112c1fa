// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/lanes_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/piece_words.hpp"

namespace seamark {
namespace {

constexpr std::size_t kMostColumns = 100;
constexpr std::size_t kGap = 2;
constexpr std::size_t kRowsAPage = 50;  // after so many the names of the columns are repeated

constexpr std::size_t kCells = 5;  // offset, write, chunk, segment, read
using Cells = std::array<std::string, kCells>;
using Widths = std::array<std::size_t, kCells>;  // 0: no such column

/// How many code points UTF-8 text has.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

/// The first code points of a text, "…" the last of them where it is longer than width.
std::string cut(const std::string& text, std::size_t width) {
    if (width_of(text) <= width) return text;
    std::size_t at = 0;
    for (std::size_t left = width; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
        if (left-- == 1) break;
    }
    return text.substr(0, at) + "…";
}

/// A cell: the label where the piece begins in this row, else that it goes on; none where no piece
/// has the bytes.
template <typename Label>
std::string cell(std::size_t piece, std::size_t above, const char* none, Label label) {
    if (piece == LaneRow::kNone) return none;
    return piece == above ? "│" : label(piece);
}

Cells cells_of(const Lanes& lanes, const LaneRow& row, const LaneRow& above) {
    constexpr const char* kNotRecorded = "not recorded";
    Cells cells;
    cells[0] =
        std::to_string(lanes.offset(row.range.begin)) + "+" + std::to_string(row.range.length());
    cells[1] = cell(row.write, above.write, lanes.writes_from_tags() ? "" : kNotRecorded,
                    [&](std::size_t i) { return words::label(lanes.writes[i], true); });
    cells[2] = cell(row.chunk, above.chunk, "no HTTP",
                    [&](std::size_t i) { return words::label(lanes, lanes.chunks[i]); });
    if (row.chunk != LaneRow::kNone) {
        const std::string parts = words::parts(lanes.chunks[row.chunk], row.range);
        if (!parts.empty()) cells[2] += " " + parts;
    }
    cells[3] = cell(row.segment, above.segment, "",
                    [&](std::size_t i) { return words::label(lanes.segments[i]); });
    cells[4] = cell(row.read, above.read, kNotRecorded,
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

Widths widths_of(const Lanes& lanes, const std::vector<LaneRow>& rows, const Cells& names) {
    Widths widths;
    for (std::size_t i = 0; i < kCells; ++i) widths[i] = width_of(names[i]);
    each_row(rows, [&](const LaneRow& row, const LaneRow& above) {
        const Cells cells = cells_of(lanes, row, above);
        for (std::size_t i = 0; i < kCells; ++i)
            widths[i] = std::max(widths[i], width_of(cells[i]));
    });
    if (lanes.writes.empty()) widths[1] = 0;
    if (lanes.reads.empty()) widths[4] = 0;
    const auto total = [&] {
        std::size_t sum = 0;
        for (const std::size_t width : widths) sum += width > 0 ? width + kGap : 0;
        return sum - kGap;
    };
    while (total() > kMostColumns) --*std::max_element(widths.begin(), widths.end());
    return widths;
}

std::string line_of(const Cells& cells, const Widths& widths) {
    std::string line;
    std::size_t at = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < kCells; ++i) {
        if (widths[i] == 0) continue;
        if (!cells[i].empty()) {
            line.append(begin - at, ' ');
            const std::string text = cut(cells[i], widths[i]);
            line += text;
            at = begin + width_of(text);
        }
        begin += widths[i] + kGap;
    }
    return line;
}

void write_heading(const Lanes& lanes, const LineSink& sink) {
    const std::string who =
        words::end_point(lanes.source()) + " → " + words::end_point(lanes.destination());
    const std::string what = words::heading(lanes);
    if (width_of(what) + width_of(who) + kGap <= kMostColumns) {
        sink(what + ", " + who);
    } else {
        sink(what);
        sink(who);
    }
    for (const std::string& remark : words::remarks_without_time(lanes))
        sink(cut(remark, kMostColumns));
}

void write_direction(const Lanes& lanes, const LineSink& sink) {
    const Cells names{"offset+bytes", lanes.writes_from_tags() ? "write (tags)" : "write", "chunk",
                      "segment frame:bytes", "read"};
    const std::vector<LaneRow> rows = lane_rows(lanes);
    const Widths widths = widths_of(lanes, rows, names);
    write_heading(lanes, sink);
    std::size_t written = 0;
    each_row(rows, [&](const LaneRow& row, const LaneRow& above) {
        if (written++ % kRowsAPage == 0) sink(line_of(names, widths));
        if (written > 1 && above.range.empty()) sink("…");
        sink(line_of(cells_of(lanes, row, above), widths));
    });
}

}  // namespace

void write_lanes_text(const std::vector<Lanes>& all, const LineSink& sink) {
    for (const Lanes& lanes : all) {
        if (&lanes != &all.front()) sink("");
        write_direction(lanes, sink);
    }
}

}  // namespace seamark
