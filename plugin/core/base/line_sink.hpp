// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>

#include "core/base/printable.hpp"

namespace seamark {

/// Takes one line of UTF-8, without its line end. The text is borrowed for the call.
using LineSink = std::function<void(std::string_view)>;
/// The same of printable ASCII.
using PrintableSink = std::function<void(PrintableText)>;

/// Each line of a text, as a sink escapes a line end inside a line.
inline void write_lines(std::string_view text, const LineSink& sink) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        sink(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace seamark
