// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "check/comparison.hpp"
#include "check/judgement.hpp"
#include "check/row_field.hpp"
#include "check/row_values.hpp"

namespace seamark::check {

/// What is compared of all rows that have a field.
enum class Aggregate : std::uint8_t {
    kEach,
    kLeast,
    kMost,
    kPercentile,  ///< the least value that so many percent of the rows do not exceed
    kCount,       ///< how many rows have it
};

/// An assertion about rows: "p99 held < 50 ms".
struct RowTest {
    Aggregate aggregate = Aggregate::kEach;
    long double percentile = 0;  ///< above 0, at most 100
    RowField field = RowField::kSize;
    Comparison comparison = Comparison::kEqual;
    Quantity number = 0;  ///< in the unit of the field; of kCount: rows
};

/// Whether a word begins an assertion about rows: each, min, max, count, p50, p99.9.
bool names_aggregate(std::string_view word);

/// Reads "[each|min|max|count|pN] FIELD OP NUMBER[unit] [where FILTER]". What is wrong with it, in
/// words; empty: nothing. filter: what follows "where"; empty: nothing does.
std::string read_row_test(std::string_view text, RowTest& test, std::string& filter);

/// chosen: only rows of which one of these frames carries a byte count; null: all do.
Judgement judge(const RowTest& test, const RowValues& rows, const FrameRuns* chosen);

}  // namespace seamark::check
