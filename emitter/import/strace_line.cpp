// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/strace_line.hpp"

#include <algorithm>
#include <charconv>

namespace seamark::import {
namespace {

constexpr std::string_view kUnfinished = " <unfinished ...>";
constexpr std::string_view kResumed = " resumed>";
constexpr std::int64_t kMicro = 1000;  // ns
constexpr std::int64_t kSecond = 1'000'000 * kMicro;
constexpr std::int64_t kMostSeconds = 1LL << 32;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// Takes decimal digits off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// Takes "1796139956.686398" off the front, as ns.
std::optional<std::int64_t> take_time(std::string_view& text) {
    std::string_view rest = text;
    if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
    const auto seconds = take_number(rest);
    if (!seconds || *seconds > kMostSeconds || rest.empty() || rest.front() != '.')
        return std::nullopt;
    rest.remove_prefix(1);
    std::int64_t unit = kSecond, fraction = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && is_digit(rest[digits]) && unit > 1; ++digits) {
        unit /= 10;
        fraction += (rest[digits] - '0') * unit;
    }
    if (digits == 0) return std::nullopt;
    text = rest.substr(digits);
    return *seconds * kSecond + fraction;
}

/// Past the string in quotes that begins at `at`.
std::size_t after_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return std::min(at + 1, text.size());
}

/// Past the "<…>" that -yy puts after a descriptor, which begins at `at`. In the name of a file
/// strace escapes what would end it; an address has its own brackets, and "->" in them.
std::size_t after_annotation(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    const bool is_path = at + 1 < text.size() && text[at + 1] == '/';
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '"' && !is_path) {
            i = after_string(text, i) - 1;
        } else if (text[i] == '[') {
            ++depth;
        } else if (text[i] == ']' && depth > 0) {
            --depth;
        } else if (text[i] == '>' && (depth == 0 || is_path)) {
            return i + 1;
        }
    }
    return text.size();
}

/// Splits arguments at the commas of the outermost level; `end` is where the bracket that ends
/// them stands, npos if there is none.
std::vector<std::string> split(std::string_view text, std::size_t& end) {
    std::vector<std::string> found;
    std::size_t depth = 0, begin = 0, at = 0;
    end = std::string_view::npos;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = after_string(text, at);
            continue;
        }
        if (c == '<' && at > 0 && is_digit(text[at - 1])) {
            at = after_annotation(text, at);
            continue;
        }
        if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
            --depth;
        } else if (c == ')' || (c == ',' && depth == 0)) {
            const std::string_view argument = trim(text.substr(begin, at - begin));
            if (c == ',' || !argument.empty() || !found.empty()) found.emplace_back(argument);
            begin = at + 1;
            if (c == ')') {
                end = at;
                return found;
            }
        }
        ++at;
    }
    return found;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
    });
}

}  // namespace

std::optional<std::int64_t> number_of(std::string_view argument) {
    std::int64_t value = 0;
    const bool hexadecimal = argument.starts_with("0x");
    if (hexadecimal) argument.remove_prefix(2);
    const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(),
                                              value, hexadecimal ? 16 : 10);
    if (error != std::errc()) return std::nullopt;
    return value;
}

LineKind StraceReader::read(std::string_view line) {
    line = trim(line);
    if (line.empty() || line.starts_with("strace: ")) return LineKind::kNothing;
    call_ = {};
    // "[pid 123] " on standard error, "123 " in a file.
    if (line.starts_with("[pid ")) {
        line = trim(line.substr(5));
        if (const auto thread = take_number(line))
            call_.thread = static_cast<std::uint32_t>(*thread);
        if (line.starts_with(']')) line = trim(line.substr(1));
    } else if (std::string_view rest = line; is_digit(line.front())) {
        const auto thread = take_number(rest);
        if (thread && rest.starts_with(' ')) {
            call_.thread = static_cast<std::uint32_t>(*thread);
            line = trim(rest);
        }
    }
    const auto time = take_time(line);
    if (!time)
        return line.starts_with("+++") || line.starts_with("---") ? LineKind::kNothing
                                                                  : LineKind::kNoTime;
    line = trim(line);
    if (line.starts_with("+++") || line.starts_with("---")) return LineKind::kNothing;
    call_.entered = *time;

    if (line.ends_with(kUnfinished)) {
        line.remove_suffix(kUnfinished.size());
        if (begun_.size() < kMostThreads || begun_.contains(call_.thread))
            begun_[call_.thread] = {*time, std::string(line)};
        return LineKind::kNothing;
    }
    if (!line.starts_with("<... ")) return read_call(line);
    const auto name_end = line.find(kResumed);
    if (name_end == std::string_view::npos) return LineKind::kUnreadable;
    const auto mine = begun_.extract(call_.thread);
    if (mine.empty()) return LineKind::kNothing;  // it began before the log
    call_.entered = mine.mapped().entered;
    return read_call(mine.mapped().text + std::string(line.substr(name_end + kResumed.size())));
}

LineKind StraceReader::read_call(std::string_view text) {
    const auto bracket = text.find('(');
    if (bracket == std::string_view::npos || !is_name(text.substr(0, bracket)))
        return LineKind::kUnreadable;
    call_.name = text.substr(0, bracket);
    text.remove_prefix(bracket + 1);
    std::size_t end = 0;
    call_.arguments = split(text, end);
    if (end == std::string_view::npos) return LineKind::kUnreadable;
    text = trim(text.substr(end + 1));
    if (!text.starts_with('=')) return LineKind::kUnreadable;
    text = trim(text.substr(1));
    if (text.starts_with('?')) return LineKind::kNothing;  // it is restarted, or never returned
    const auto result = number_of(text);
    if (!result) return LineKind::kUnreadable;
    call_.result = *result;
    const auto after = text.find_first_of(" <");
    if (after != std::string_view::npos && text[after] == '<') {
        const std::size_t closed = after_annotation(text, after);
        call_.descriptor = text.substr(0, closed);
        // "= 5 <0.000019>" has a blank, "= 5<TCP:[…]> <0.000019>" none.
        text = trim(text.substr(closed));
    } else {
        text = after == std::string_view::npos ? std::string_view() : trim(text.substr(after));
    }
    if (call_.result == -1) call_.error = text.substr(0, text.find(' '));
    const auto open = text.rfind('<');
    if (open == std::string_view::npos || !text.ends_with('>')) return LineKind::kNoDuration;
    std::string_view duration = text.substr(open + 1);
    const auto took = take_time(duration);
    if (!took) return LineKind::kNoDuration;
    call_.left = call_.entered + *took;
    return LineKind::kCall;
}

}  // namespace seamark::import
