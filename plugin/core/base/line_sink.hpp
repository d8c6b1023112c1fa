// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string_view>

#include "core/base/printable.hpp"

namespace seamark {

/// Takes one line of UTF-8, without its line end. The text is borrowed for the call.
using LineSink = std::function<void(std::string_view)>;
/// The same of printable ASCII.
using PrintableSink = std::function<void(PrintableText)>;

}  // namespace seamark
