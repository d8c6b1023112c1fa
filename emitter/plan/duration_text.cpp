// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/duration_text.hpp"

#include <cstdint>
#include <limits>

#include "plan/number_text.hpp"

namespace seamark::plan {

std::optional<std::chrono::microseconds> parse_duration(std::string_view text) {
    if (text == "0") return std::chrono::microseconds{0};
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;

    std::string_view unit = text;
    const auto count = take_number<std::int64_t>(unit);
    if (!count) return std::nullopt;

    std::int64_t factor = 0;
    if (unit == "us") factor = 1;
    if (unit == "ms") factor = 1'000;
    if (unit == "s") factor = 1'000'000;
    if (factor == 0 || *count > std::numeric_limits<std::int64_t>::max() / factor) {
        return std::nullopt;
    }
    return std::chrono::microseconds{*count * factor};
}

std::string to_text(std::chrono::microseconds duration) {
    const auto count = duration.count();
    if (count == 0) return "0";
    if (count % 1'000'000 == 0) return std::to_string(count / 1'000'000) + "s";
    if (count % 1'000 == 0) return std::to_string(count / 1'000) + "ms";
    return std::to_string(count) + "us";
}

}  // namespace seamark::plan
