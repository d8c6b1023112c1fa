// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace seamark::plan {

/// Text from outside, made fit for a log line or an error message: printable ASCII stays, a
/// backslash and a double quote get a backslash, any other byte becomes \xNN, and what is longer
/// than `limit` bytes ends in "...". No quotes are put around it.
std::string escaped(std::string_view text, std::size_t limit = 64);

/// The same between double quotes.
std::string in_quotes(std::string_view text, std::size_t limit = 64);

/// Text from outside that is shown as it is: UTF-8 stays, and so do line ends where `lines`;
/// control characters (those of C1 too) and bytes that are no UTF-8 become \xNN.
std::string printable(std::string_view text, bool lines = false);

}  // namespace seamark::plan
