// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/row_test.hpp"

#include <algorithm>
#include <cmath>

#include "plan/number_text.hpp"

namespace seamark::check {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kWhere = "where";
constexpr std::size_t kListed = 10;  // frames that are named

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view first_word(std::string_view text) {
    return text.substr(0, std::min(text.find_first_of(kBlanks), text.size()));
}

bool read_percentile(std::string_view word, long double& percentile) {
    if (!word.starts_with('p') || word.size() < 2) return false;
    const auto number = plan::read_number<double>(word.substr(1));
    if (!number) return false;
    percentile = *number;
    return *number > 0 && *number <= 100;
}

bool read_aggregate(std::string_view word, RowTest& test) {
    if (word == "each") {
        test.aggregate = Aggregate::kEach;
    } else if (word == "min") {
        test.aggregate = Aggregate::kLeast;
    } else if (word == "max") {
        test.aggregate = Aggregate::kMost;
    } else if (word == "count") {
        test.aggregate = Aggregate::kCount;
    } else if (read_percentile(word, test.percentile)) {
        test.aggregate = Aggregate::kPercentile;
    } else {
        return false;
    }
    return true;
}

/// With one blank between words.
std::string squeezed(std::string_view text) {
    std::string out;
    for (text = trim(text); !text.empty();) {
        const auto word = first_word(text);
        out += (out.empty() ? "" : " ") + std::string(word);
        text = trim(text.substr(word.size()));
    }
    return out;
}

/// Where the word "where" stands in text; npos: nowhere.
std::size_t find_where(std::string_view text) {
    for (auto at = text.find(kWhere); at != std::string_view::npos;
         at = text.find(kWhere, at + 1)) {
        const auto end = at + kWhere.size();
        const bool begins = at == 0 || kBlanks.find(text[at - 1]) != std::string_view::npos;
        const bool ends = end == text.size() || kBlanks.find(text[end]) != std::string_view::npos;
        if (begins && ends) return at;
    }
    return std::string_view::npos;
}

bool is_worse(const RowTest& test, Quantity one, Quantity other) {
    if (is_upper_bound(test.comparison)) return one > other;
    if (test.comparison == Comparison::kMore || test.comparison == Comparison::kAtLeast)
        return one < other;
    return std::fabs(one - test.number) > std::fabs(other - test.number);
}

/// "in chunk 12 of stream 0, held: nagle (known)"
std::string place_of(const RowValue& value, const RowValues& rows) {
    const std::string stream = " of stream " + std::to_string(value.stream);
    std::string text = value.is_event    ? "in event " + std::to_string(value.chunk) + stream
                       : value.chunk > 0 ? "in chunk " + std::to_string(value.chunk) + stream
                                         : "in a segment" + stream;
    if (const std::string& cause = rows.cause(value); !cause.empty()) text += ", " + cause;
    return text;
}

std::string count_of(std::size_t rows) {
    return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

/// One value that stands for all, and what it must not be.
Judgement judge_one(const RowTest& test, const RowValues& rows, Quantity quantity,
                    const RowValue& shown_value, std::size_t count) {
    const bool is_good = holds(quantity, test.comparison, test.number);
    return {is_good ? Outcome::kHolds : Outcome::kBroken,
            {shown_value.frame},
            "is " + shown(quantity, dimension_of(test.field)) + ' ' + place_of(shown_value, rows) +
                ", over " + count_of(count)};
}

Judgement judge_each(const RowTest& test, const RowValues& rows,
                     std::vector<const RowValue*> values) {
    const std::size_t all = values.size();
    std::stable_sort(values.begin(), values.end(), [&](const RowValue* one, const RowValue* other) {
        return is_worse(test, one->quantity, other->quantity);
    });
    const RowValue& worst = *values.front();
    const std::string text = ", at worst " + shown(worst.quantity, dimension_of(test.field)) + ' ' +
                             place_of(worst, rows);
    const auto broken = static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [&](const RowValue* value) {
            return !holds(value->quantity, test.comparison, test.number);
        }));
    if (broken == 0) return {Outcome::kHolds, {worst.frame}, "all " + count_of(all) + text};
    Judgement judgement{
        Outcome::kBroken, {}, std::to_string(broken) + " of " + count_of(all) + " do not" + text};
    for (const RowValue* value : values) {
        if (holds(value->quantity, test.comparison, test.number)) continue;
        const auto& named = judgement.frames;
        if (std::find(named.begin(), named.end(), value->frame) == named.end())
            judgement.frames.push_back(value->frame);
        if (judgement.frames.size() > kListed) break;
    }
    return judgement;
}

}  // namespace

bool names_aggregate(std::string_view word) {
    RowTest test;
    return read_aggregate(word, test);
}

std::string read_row_test(std::string_view text, RowTest& test, std::string& filter) {
    text = trim(text);
    if (const auto word = first_word(text); read_aggregate(word, test))
        text = trim(text.substr(word.size()));
    const auto operation = text.find_first_of("=!<>");
    const std::string name = squeezed(text.substr(0, std::min(operation, text.size())));
    const auto field = field_of(name);
    if (!field) return '"' + name + "\" is no field of rows: there are " + all_field_names();
    test.field = *field;
    if (operation == std::string_view::npos)
        return "==, !=, <, <=, > or >= and a number are missing after " + name;
    text.remove_prefix(operation);
    const auto comparison = take_comparison(text);
    if (!comparison) return "==, !=, <, <=, > or >= is missing after " + name;
    test.comparison = *comparison;
    const auto where = find_where(text);
    if (where != std::string_view::npos) {
        filter = trim(text.substr(where + kWhere.size()));
        if (filter.empty()) return "a display filter is missing after where";
        text = text.substr(0, where);
    }
    text = trim(text);
    if (text.empty()) return "a number is missing after " + std::string(to_string(*comparison));
    const Dimension dimension =
        test.aggregate == Aggregate::kCount ? Dimension::kCount : dimension_of(*field);
    if (const auto wrong = read_quantity(text, dimension, test.number)) return wrong->text;
    return {};
}

Judgement judge(const RowTest& test, const RowValues& rows, const FrameRuns* chosen) {
    std::vector<const RowValue*> values;
    for (const RowValue& value : rows.of(test.field))
        if (chosen == nullptr || rows.any_in(value, *chosen)) values.push_back(&value);
    if (values.empty())
        return {Outcome::kUnknown, {}, "no row has " + std::string(name_of(test.field))};
    const std::size_t count = values.size();
    if (test.aggregate == Aggregate::kCount)
        return {holds(static_cast<Quantity>(count), test.comparison, test.number)
                    ? Outcome::kHolds
                    : Outcome::kBroken,
                {},
                count_of(count)};
    if (test.aggregate == Aggregate::kEach) return judge_each(test, rows, std::move(values));
    const auto less = [](const RowValue* one, const RowValue* other) {
        return one->quantity < other->quantity;
    };
    if (test.aggregate == Aggregate::kLeast) {
        const RowValue& least = **std::min_element(values.begin(), values.end(), less);
        return judge_one(test, rows, least.quantity, least, count);
    }
    const RowValue& most = **std::max_element(values.begin(), values.end(), less);
    if (test.aggregate == Aggregate::kMost)
        return judge_one(test, rows, most.quantity, most, count);
    const auto rank = static_cast<std::size_t>(
        std::ceil(test.percentile / 100 * static_cast<long double>(count)));
    const auto at =
        values.begin() + static_cast<std::ptrdiff_t>(std::clamp(rank, std::size_t{1}, count) - 1);
    std::nth_element(values.begin(), at, values.end(), less);
    const RowValue& ranked = **at;
    const RowValue* worst = &ranked;
    for (const RowValue* value : values)
        if (is_worse(test, value->quantity, worst->quantity)) worst = value;
    Judgement judgement = judge_one(test, rows, ranked.quantity, *worst, count);
    judgement.found = "is " + shown(ranked.quantity, dimension_of(test.field)) + " over " +
                      count_of(count) + ", at worst " +
                      shown(worst->quantity, dimension_of(test.field)) + ' ' +
                      place_of(*worst, rows);
    return judgement;
}

}  // namespace seamark::check
