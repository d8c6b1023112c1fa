// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/contract.hpp"

#include <algorithm>

#include "plan/number_text.hpp"

namespace seamark::check {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view arrow = "=>";

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// The first word of text, which loses it and the blanks after it.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const auto word = text.substr(0, end);
    text = trim(text.substr(end));
    return word;
}

/// Reads "== 3" off the front of text. What is wrong with it; empty: nothing.
std::string take_count(std::string_view& text, Assertion& assertion) {
    const auto comparison = take_comparison(text);
    if (!comparison) return "count wants ==, !=, <, <=, > or >= first";
    assertion.comparison = *comparison;
    text = trim(text);
    const std::string operation(to_string(*comparison));
    const auto word = take_word(text);
    const auto number = plan::read_number<std::uint64_t>(word);
    if (!number)
        return "count wants a number after " + operation + ", not \"" + std::string(word) + '"';
    assertion.number = *number;
    if (*number == 0 && (*comparison == Comparison::kAtLeast || *comparison == Comparison::kLess))
        return "count " + operation + " 0 says the same of every capture";
    return {};
}

/// What stands before the first comparison.
std::string_view name_in_front(std::string_view text) {
    return trim(text.substr(0, std::min(text.find_first_of("=!<>"), text.size())));
}

/// "count >= 3 FILTER" is about frames; what "count FIELD >= 3" counts stands in front.
bool counts_frames(std::string_view behind) {
    return behind.find_first_of("=!<>") == std::string_view::npos || name_in_front(behind).empty();
}

/// Where => stands in text from a place on, strings in quotes left out.
std::size_t find_arrow(std::string_view text, std::size_t from) {
    bool quoted = false;
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '"') quoted = !quoted;
        if (text[at] == '\\' && quoted) ++at;
        if (!quoted && text.substr(at).starts_with(arrow)) return at;
    }
    return std::string_view::npos;
}

/// Reads "FILTER => FILTER". What is wrong with it; empty: nothing.
std::string take_implication(std::string_view text, Assertion& assertion) {
    const auto at = find_arrow(text, 0);
    if (at == std::string_view::npos ||
        find_arrow(text, at + arrow.size()) != std::string_view::npos)
        return "every wants one => between two filters";
    assertion.where = trim(text.substr(0, at));
    assertion.filter = trim(text.substr(at + arrow.size()));
    if (assertion.where.empty()) return "the filter in front of => is missing";
    return {};
}

/// What is wrong with the line; empty: nothing.
std::string read_line(std::string_view line, Assertion& assertion) {
    // A NUL would cut the filter short on its way to tshark; others do harm in a job's log.
    if (std::any_of(line.begin(), line.end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return (byte < 0x20 && c != '\t') || byte == 0x7f;
        }))
        return "there is a control character in it";
    if (line.starts_with('[')) {
        const auto end = line.find(']');
        if (end == std::string_view::npos) return "the name has no ] at its end";
        assertion.name = trim(line.substr(1, end - 1));
        line = trim(line.substr(end + 1));
    }
    assertion.text = line;
    const auto whole = line;
    const auto kind = take_word(line);
    std::string wrong;
    if (kind == "some") {
        assertion.kind = Kind::some;
        assertion.filter = line;
    } else if (kind == "none") {
        assertion.kind = Kind::none;
        assertion.filter = line;
    } else if (kind == "every") {
        assertion.kind = Kind::every;
        wrong = take_implication(line, assertion);
    } else if (kind == "count" && counts_frames(line)) {
        assertion.kind = Kind::count;
        wrong = take_count(line, assertion);
        assertion.filter = line;
    } else if (names_aggregate(kind) || field_of(name_in_front(whole))) {
        assertion.kind = Kind::rows;
        return read_row_test(whole, assertion.test, assertion.where);
    } else {
        wrong = '"' + std::string(kind) +
                "\" begins no assertion: some, none, every and count do, and each, min, max, count "
                "or p99 with a field of rows";
    }
    if (wrong.empty() && assertion.filter.empty()) wrong = "a display filter is missing";
    return wrong;
}

std::size_t size_of(const FrameRuns& runs) {
    std::size_t size = 0;
    for (const auto& [first, last] : runs) size += last - first + std::size_t{1};
    return size;
}

/// Those that are named to people, and one more where there are more.
std::vector<std::uint32_t> first_of(const FrameRuns& runs) {
    constexpr std::size_t most = 11;
    std::vector<std::uint32_t> frames;
    for (const auto& [first, last] : runs)
        for (std::uint64_t frame = first; frame <= last && frames.size() < most; ++frame)
            frames.push_back(static_cast<std::uint32_t>(frame));
    return frames;
}

std::string count(std::size_t number) {
    return std::to_string(number) + (number == 1 ? " frame" : " frames");
}

std::string breaking(const Assertion& assertion) {
    return '(' + assertion.where + ") && !(" + assertion.filter + ')';
}

}  // namespace

std::variant<std::vector<Assertion>, ContractError> parse(std::string_view text) {
    std::vector<Assertion> all;
    unsigned number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        Assertion assertion;
        assertion.line = number;
        if (auto wrong = read_line(line, assertion); !wrong.empty())
            return ContractError{number, std::move(wrong)};
        all.push_back(std::move(assertion));
    }
    if (all.empty()) return ContractError{0, "there is no assertion in it"};
    return all;
}

std::vector<std::string> filters_of(const Assertion& assertion) {
    switch (assertion.kind) {
        case Kind::every:
            return {assertion.where, breaking(assertion)};
        case Kind::rows:
            if (assertion.where.empty()) return {};
            return {assertion.where};
        default:
            return {assertion.filter};
    }
}

Judgement judge(const Assertion& assertion, const Matching& matching, const RowValues& rows) {
    const auto outcome = [](bool good) { return good ? Outcome::kHolds : Outcome::kBroken; };
    if (assertion.kind == Kind::rows)
        return judge(assertion.test, rows,
                     assertion.where.empty() ? nullptr : &matching(assertion.where));
    if (assertion.kind == Kind::every) {
        const auto all = size_of(matching(assertion.where));
        if (all == 0) return {Outcome::kBroken, {}, "no frame matches the first filter"};
        const auto& broken = matching(breaking(assertion));
        if (broken.empty()) return {Outcome::kHolds, {}, "all " + count(all)};
        return {Outcome::kBroken, first_of(broken),
                std::to_string(size_of(broken)) + " of " + count(all) + " do not"};
    }
    const auto& found = matching(assertion.filter);
    const std::uint64_t size = size_of(found);
    const std::string words = count(size) + (size == 1 ? " matches" : " match");
    switch (assertion.kind) {
        case Kind::none:
            return {outcome(size == 0), first_of(found), words};
        case Kind::count:
            return {outcome(holds(size, assertion.comparison, assertion.number)), first_of(found),
                    words};
        default:
            return {outcome(size > 0), {}, words};
    }
}

}  // namespace seamark::check
