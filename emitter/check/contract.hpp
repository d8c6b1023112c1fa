// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "check/comparison.hpp"
#include "check/judgement.hpp"
#include "check/row_test.hpp"

namespace seamark::check {

/// What an assertion says of a capture.
enum class Kind : std::uint8_t {
    some,   ///< one frame matches at least
    none,   ///< no frame matches
    every,  ///< some frames match `where`, and each of them matches `filter`
    count,  ///< so many frames match
    rows,   ///< `test` holds of the rows that `where` picks
};

/// One assertion of a contract. Its filters are Wireshark display filters, not checked here.
struct Assertion {
    std::string contract = {};  ///< as people name it: a file, or one that is shipped
    unsigned line = 0;          ///< where it stands, from 1
    std::string name;           ///< what people call it; may be empty
    std::string text;           ///< as it is written, without its name
    Kind kind = Kind::some;
    std::string filter;
    std::string where = {};                      ///< every, rows: of which; rows: may be empty
    Comparison comparison = Comparison::kEqual;  ///< count
    std::uint64_t number = 0;                    ///< count: what is compared with
    RowTest test = {};                           ///< rows
};

/// Why a contract cannot be read.
struct ContractError {
    unsigned line;  ///< from 1; 0: the whole of it
    std::string text;
};

/// Reads a contract: an assertion a line,
///
///     [NAME] some FILTER
///     [NAME] none FILTER
///     [NAME] every FILTER => FILTER
///     [NAME] count (== | != | < | <= | > | >=) NUMBER FILTER
///     [NAME] [each | min | max | count | pN] FIELD (== | …) NUMBER[unit] [where FILTER]
///
/// "[NAME]" may be left out. Empty lines, and those that begin with '#', say nothing. A contract
/// without an assertion is an error: it would hold of everything.
std::variant<std::vector<Assertion>, ContractError> parse(std::string_view text);

/// The display filters that judge() asks for.
std::vector<std::string> filters_of(const Assertion& assertion);

/// The frames that match a display filter.
using Matching = std::function<const FrameRuns&(const std::string& filter)>;

/// Asks for the filters that it needs, and passes on what `matching` throws.
Judgement judge(const Assertion& assertion, const Matching& matching, const RowValues& rows);

}  // namespace seamark::check
