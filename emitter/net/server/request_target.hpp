// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/emit_options.hpp"

namespace seamark::net {

/// A request target, taken apart and percent-decoded.
struct RequestTarget {
    std::string path;                    ///< begins with "/"
    std::vector<plan::NameValue> query;  ///< in order; a name without "=" has an empty value
};

/// Reads the origin form ("/emit?writes=3") and the absolute form ("http://host/emit?writes=3"),
/// RFC 9112 section 3.2. In the query, "&" separates and "+" is a blank. Empty if it is neither
/// form or a percent sign is not followed by two hexadecimal digits.
std::optional<RequestTarget> split_target(std::string_view target);

}  // namespace seamark::net
