// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/duration_text.hpp"

#include <charconv>
#include <cstdint>
#include <limits>

namespace seamark::plan {

std::optional<std::chrono::microseconds> parse_duration(std::string_view text) {
    if (text == "0") return std::chrono::microseconds{0};
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;

    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{}) return std::nullopt;

    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    std::int64_t factor = 0;
    if (unit == "us") factor = 1;
    if (unit == "ms") factor = 1'000;
    if (unit == "s") factor = 1'000'000;
    if (factor == 0 || count > std::numeric_limits<std::int64_t>::max() / factor) {
        return std::nullopt;
    }
    return std::chrono::microseconds{count * factor};
}

std::string to_text(std::chrono::microseconds duration) {
    const auto count = duration.count();
    if (count == 0) return "0";
    if (count % 1'000'000 == 0) return std::to_string(count / 1'000'000) + "s";
    if (count % 1'000 == 0) return std::to_string(count / 1'000) + "ms";
    return std::to_string(count) + "us";
}

}  // namespace seamark::plan
