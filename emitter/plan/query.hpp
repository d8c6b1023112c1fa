// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/emit_options.hpp"

namespace seamark::plan {

/// Empty if a percent sign is not followed by two hexadecimal digits (RFC 3986 section 2.1).
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

/// The pairs of a query without its "?", in order and percent-decoded: "&" separates, "+" is a
/// blank, a name without "=" has an empty value. Empty as percent_decoded() is.
std::optional<std::vector<NameValue>> split_query(std::string_view text);

}  // namespace seamark::plan
