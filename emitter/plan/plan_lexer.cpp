// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_lexer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace seamark::plan {
namespace {

constexpr std::string_view word_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

}  // namespace

Token PlanLexer::make(Token::Kind kind, std::size_t begin, std::string text) {
    return {kind, std::move(text), text_.substr(begin, at_ - begin), position(begin)};
}

Token PlanLexer::next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) {
        ++at_;
    }
    if (at_ < text_.size() && text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
    }
    const std::size_t begin = at_;
    if (at_ == text_.size()) return make(Token::Kind::end, begin);
    switch (text_[at_]) {
        case '\n': {
            ++at_;
            Token token = make(Token::Kind::line, begin);
            ++line_;
            line_begin_ = at_;
            return token;
        }
        case ';':
            ++at_;
            return make(Token::Kind::line, begin);
        case '{':
            ++at_;
            return make(Token::Kind::open, begin);
        case '}':
            ++at_;
            return make(Token::Kind::close, begin);
        case '"':
            return quoted();
        default:
            break;
    }
    at_ = std::min(text_.find_first_not_of(word_characters, at_), text_.size());
    if (at_ > begin) {
        return make(Token::Kind::word, begin, std::string(text_.substr(begin, at_ - begin)));
    }
    ++at_;
    return make(Token::Kind::broken, begin, "a word, a number or \"text\"");
}

Token PlanLexer::quoted() {
    const std::size_t begin = at_++;
    std::string value;
    while (at_ < text_.size() && text_[at_] != '\n') {
        const char c = text_[at_++];
        if (c == '"') return make(Token::Kind::text, begin, std::move(value));
        if (c != '\\') {
            value += c;
        } else if (!escape(value)) {
            return make(Token::Kind::broken, at_ - 1, R"(one of \r \n \t \\ \" \xHH)");
        }
    }
    return make(Token::Kind::broken, begin, "a \" that ends the text, on the same line");
}

/// What follows a backslash. On failure the position is where it is wrong.
bool PlanLexer::escape(std::string& to) {
    constexpr std::string_view letters = "rnt\\\"";
    constexpr std::string_view meaning = "\r\n\t\\\"";
    if (at_ == text_.size()) return false;
    const char c = text_[at_];
    if (const auto found = letters.find(c); found != std::string_view::npos) {
        to += meaning[found];
        ++at_;
        return true;
    }
    if (c != 'x' || at_ + 2 >= text_.size()) return false;
    unsigned byte = 0;
    const char* const digits = text_.data() + at_ + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    if (error != std::errc{} || end != digits + 2) return false;
    to += static_cast<char>(byte);
    at_ += 3;
    return true;
}

}  // namespace seamark::plan
