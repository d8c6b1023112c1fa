// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/token_reader.hpp"

#include "plan/escaped.hpp"
#include "plan/number_text.hpp"
#include "plan/plan_parser.hpp"

namespace seamark::plan {

void TokenReader::fail(const Token& at, std::string expected) {
    if (at.kind == Token::Kind::broken) expected = at.text;
    std::string found(at.source);
    if (at.kind == Token::Kind::end) found = "the end of the plan";
    if (at.kind == Token::Kind::line) found = "the end of the statement";
    const bool quoted = at.kind != Token::Kind::end && at.kind != Token::Kind::line;
    throw PlanError{at.at, std::move(expected), quoted ? in_quotes(found, 40) : found};
}

void TokenReader::skip_lines() {
    while (token_.kind == Token::Kind::line) take();
}

void TokenReader::end_statement() {
    if (token_.kind == Token::Kind::line) {
        take();
    } else if (token_.kind != Token::Kind::end && token_.kind != Token::Kind::close) {
        fail(token_, "the end of the statement (a line end or ;)");
    }
}

std::optional<std::uint64_t> TokenReader::number(std::uint64_t most) const {
    if (token_.kind != Token::Kind::word) return std::nullopt;
    return read_number<std::uint64_t>(token_.text, 1, most);
}

std::uint64_t TokenReader::take_number(std::uint64_t most) {
    const auto value = number(most);
    if (!value) fail(token_, "a whole number from 1 to " + std::to_string(most));
    take();
    return *value;
}

std::string TokenReader::take_text(std::string expected) {
    if (token_.kind != Token::Kind::text) fail(token_, std::move(expected));
    return take().text;
}

}  // namespace seamark::plan
