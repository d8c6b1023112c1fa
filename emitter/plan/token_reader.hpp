// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "plan/plan_lexer.hpp"

namespace seamark::plan {

/// The tokens of a plan, with the next one in view: what a statement is made of, whatever it says.
/// What cannot be read is thrown as a PlanError that has the token's place. Borrows the text.
class TokenReader {
  protected:
    explicit TokenReader(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

    /// Throws: at this token `expected` would have been right.
    [[noreturn]] static void fail(const Token& at, std::string expected);

    bool is_word(std::string_view word) const {
        return token_.kind == Token::Kind::word && token_.text == word;
    }
    Token take() { return std::exchange(token_, lexer_.next()); }
    void skip_lines();
    void end_statement();

    /// The value of one of the words.
    template <typename Value, std::size_t N>
    Value one_of(const std::pair<std::string_view, Value> (&words)[N], std::string expected) {
        for (const auto& [word, value] : words) {
            if (is_word(word)) return take(), value;
        }
        fail(token_, std::move(expected));
    }

    /// A whole number from 1 to `most`, if the next token is one, which stays the next.
    std::optional<std::uint64_t> number(std::uint64_t most) const;
    std::uint64_t take_number(std::uint64_t most);
    std::string take_text(std::string expected);

    const Token& token() const { return token_; }

  private:
    PlanLexer lexer_;
    Token token_;  ///< next
};

}  // namespace seamark::plan
