// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace seamark::plan {

/// Where something stands in a plan: both count from 1, columns in bytes.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

struct Token {
    enum class Kind {
        word,    ///< a run of letters, digits and . _ -
        text,    ///< "…": `text` has what it stands for
        open,    ///< {
        close,   ///< }
        line,    ///< a line end or ;
        end,     ///< of the plan
        broken,  ///< no token; `text` says what was expected
    };
    Kind kind = Kind::end;
    std::string text;
    std::string_view source;  ///< as it was written
    Position at;
};

/// Cuts the text of a plan into tokens. Blanks set tokens apart, # begins a comment. In "…" there
/// are \r \n \t \\ \" and \xHH. Borrows the text; looks at each byte once.
class PlanLexer {
  public:
    explicit PlanLexer(std::string_view text) : text_(text) {}

    Token next();

  private:
    Token make(Token::Kind kind, std::size_t begin, std::string text = {});
    Token quoted();
    bool escape(std::string& to);
    Position position(std::size_t at) const { return {line_, at - line_begin_ + 1}; }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t line_begin_ = 0;
};

}  // namespace seamark::plan
