// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/prose.hpp"

#include <algorithm>
#include <string>

#include "core/report/text_table.hpp"

namespace seamark {

void Prose::heading(std::string_view text) {
    if (begun_) (*sink_)("");
    wrap("", text);
}

void Prose::say(std::string_view text) {
    wrap("  ", text);
}

void Prose::item(std::string_view text) {
    wrap("  - ", text);
}

void Prose::wrap(std::string_view first_indent, std::string_view text) {
    begun_ = true;
    const std::string indent(first_indent.size(), ' ');
    std::string line(first_indent);
    std::size_t width = line.size();
    bool empty = true;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        const std::size_t more = width_of(word) + (empty ? 0 : 1);
        if (!empty && width + more > columns_) {
            (*sink_)(line);
            line = indent;
            line += word;
            width = indent.size() + width_of(word);
            continue;
        }
        if (!empty) line += ' ';
        line += word;
        width += more;
        empty = false;
    }
    (*sink_)(line);
}

}  // namespace seamark
