// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/text_table.hpp"

#include <algorithm>

namespace seamark {

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string cut(const std::string& text, std::size_t width) {
    if (width_of(text) <= width) return text;
    std::size_t at = 0;
    for (std::size_t left = width; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
        if (left-- == 1) break;
    }
    return text.substr(0, at) + "…";
}

void widen(std::span<std::size_t> widths, std::span<const std::string> cells) {
    for (std::size_t i = 0; i < widths.size(); ++i)
        widths[i] = std::max(widths[i], width_of(cells[i]));
}

void fit_columns(std::span<std::size_t> widths) {
    const auto total = [&] {
        std::size_t sum = 0;
        for (const std::size_t width : widths) sum += width > 0 ? width + kTextGap : 0;
        return sum;
    };
    while (total() > kMostTextColumns + kTextGap) --*std::max_element(widths.begin(), widths.end());
}

std::string line_of(std::span<const std::string> cells, std::span<const std::size_t> widths) {
    std::string line;
    std::size_t at = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        if (widths[i] == 0) continue;
        if (!cells[i].empty()) {
            line.append(begin - at, ' ');
            const std::string text = cut(cells[i], widths[i]);
            line += text;
            at = begin + width_of(text);
        }
        begin += widths[i] + kTextGap;
    }
    return line;
}

void write_wrapped(std::string_view text, const LineSink& sink) {
    while (text.size() > kMostTextColumns) {
        const auto blank = text.rfind(' ', kMostTextColumns);
        if (blank == std::string_view::npos) break;
        sink(text.substr(0, blank));
        text.remove_prefix(blank + 1);
    }
    sink(cut(std::string(text), kMostTextColumns));
}

}  // namespace seamark
