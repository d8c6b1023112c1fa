// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace seamark::plan {

/// Reads a duration as people write it in a URL or on a command line: digits and a unit, `us`, `ms`
/// or `s` ("500us", "10ms", "2s"), or a bare "0". Nothing else: no sign, no blank, no fraction, and
/// no number without a unit, because a guess at the unit would be wrong by a factor of 1000. Empty
/// on anything else and on what does not fit.
std::optional<std::chrono::microseconds> parse_duration(std::string_view text);

/// The inverse, in the largest unit that is exact: "10ms", "1500us", "0".
std::string to_text(std::chrono::microseconds duration);

}  // namespace seamark::plan
