// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <charconv>
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>

/// How the emitter reads numbers, wherever they stand: in a URL, a field of HTTP, a plan, a
/// scenario, on a command line, in what the kernel or tshark print.
namespace seamark::plan {

template <typename Number>
concept Readable = std::integral<Number> || std::floating_point<Number>;

/// Takes a decimal number off the front of `text`: a sign only if the type has one, no blank and no
/// "+" before it. Empty where none stands there or it does not fit; then nothing is taken off.
template <Readable Number>
std::optional<Number> take_number(std::string_view& text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return value;
}

/// The number that `text` is, and nothing else is; empty too where it does not lie between `least`
/// and `most`, both included, as no NaN does.
template <Readable Number>
std::optional<Number> read_number(std::string_view text,
                                  Number least = std::numeric_limits<Number>::lowest(),
                                  Number most = std::numeric_limits<Number>::max()) {
    const auto value = take_number<Number>(text);
    if (!value || !text.empty() || !(*value >= least && *value <= most)) return std::nullopt;
    return value;
}

}  // namespace seamark::plan
