// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seamark::check {

enum class Comparison : std::uint8_t { kEqual, kNotEqual, kLess, kAtMost, kMore, kAtLeast };

constexpr std::string_view to_string(Comparison comparison) {
    switch (comparison) {
        case Comparison::kEqual:
            return "==";
        case Comparison::kNotEqual:
            return "!=";
        case Comparison::kLess:
            return "<";
        case Comparison::kAtMost:
            return "<=";
        case Comparison::kMore:
            return ">";
        case Comparison::kAtLeast:
            return ">=";
    }
    return "";
}

/// The comparison with which text begins, taken off its front.
constexpr std::optional<Comparison> take_comparison(std::string_view& text) {
    // The longer ones first.
    for (const Comparison one : {Comparison::kEqual, Comparison::kNotEqual, Comparison::kAtMost,
                                 Comparison::kAtLeast, Comparison::kLess, Comparison::kMore}) {
        if (!text.starts_with(to_string(one))) continue;
        text.remove_prefix(to_string(one).size());
        return one;
    }
    return std::nullopt;
}

template <typename Number>
constexpr bool holds(Number found, Comparison comparison, Number wanted) {
    switch (comparison) {
        case Comparison::kEqual:
            return found == wanted;
        case Comparison::kNotEqual:
            return found != wanted;
        case Comparison::kLess:
            return found < wanted;
        case Comparison::kAtMost:
            return found <= wanted;
        case Comparison::kMore:
            return found > wanted;
        case Comparison::kAtLeast:
            return found >= wanted;
    }
    return false;
}

/// True where small numbers hold and large ones do not.
constexpr bool is_upper_bound(Comparison comparison) {
    return comparison == Comparison::kLess || comparison == Comparison::kAtMost;
}

}  // namespace seamark::check
