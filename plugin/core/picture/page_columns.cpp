// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/page_columns.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/characters.hpp"

namespace seamark {
namespace {

constexpr std::size_t kMostDigits = 15;  // of a number that a double holds exactly

bool is_word(unsigned char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A word of letters and digits that varies from piece to piece.
struct Varying {
    std::string_view word;
    bool plain;  // a number that is written in no other way
};

/// Takes the numbers out of a text, in order; the shape is what stays.
std::vector<Varying> take_numbers(std::string_view text, std::string& shape) {
    std::vector<Varying> taken;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_word(static_cast<unsigned char>(text[end]))) ++end;
        const std::string_view word = text.substr(at, end - at);
        const auto digits =
            static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_digit));
        if (digits == 0) {
            end = std::max(end, at + 1);
            shape += text.substr(at, end - at);
        } else {
            const bool plain = digits == word.size() && digits <= kMostDigits &&
                               (word.front() != '0' || word.size() == 1);
            shape += TextShapes::kNumber;
            taken.push_back({word, plain});
        }
        at = end;
    }
    return taken;
}

}  // namespace

std::size_t TextShapes::place(const std::string& shape) {
    const auto [there, fresh] = places_.try_emplace(shape, all_.size());
    if (fresh) all_.push_back(shape);
    return there->second;
}

void TextColumn::add(std::string_view utf8) {
    std::string shape;
    const std::vector<Varying> taken = take_numbers(utf8, shape);
    const std::size_t place = shapes_.place(shape);
    column_.number(static_cast<std::int64_t>(place));
    std::vector<std::int64_t>& last = last_[place];
    last.resize(taken.size(), 0);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        const std::string_view word = taken[i].word;
        if (!taken[i].plain) {
            column_.text(word);
            continue;
        }
        std::int64_t value = 0;
        std::from_chars(word.data(), word.data() + word.size(), value);
        column_.number(value - last[i]);
        last[i] = value;
    }
}

}  // namespace seamark
