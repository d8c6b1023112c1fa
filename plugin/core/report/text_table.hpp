// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/base/line_sink.hpp"

namespace seamark {

/// Tables in UTF-8 text. Widths are in code points; a column of width 0 is not written.
constexpr std::size_t kMostTextColumns = 100;
constexpr std::size_t kTextGap = 2;         // between columns
constexpr std::size_t kTextRowsAPage = 50;  // after so many the names of the columns are repeated

/// How many code points a text has.
std::size_t width_of(std::string_view text);
/// The first code points of a text, "…" the last of them where it is longer than width.
std::string cut(const std::string& text, std::size_t width);
/// Widens each column so that its cell fits.
void widen(std::span<std::size_t> widths, std::span<const std::string> cells);
/// Narrows the widest columns until a line is not wider than kMostTextColumns.
void fit_columns(std::span<std::size_t> widths);
/// One line of the table, without blanks at its end.
std::string line_of(std::span<const std::string> cells, std::span<const std::size_t> widths);

/// A text in lines of at most kMostTextColumns, cut at blanks.
void write_wrapped(std::string_view text, const LineSink& sink);

}  // namespace seamark
