// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace seamark::check {

/// What an assertion says of the frames of a capture.
enum class Kind : std::uint8_t {
    some,   ///< one matches at least
    none,   ///< none matches
    every,  ///< some match `where`, and each of them matches `filter`
    count,  ///< so many match
};

/// One assertion of a contract. Its filters are Wireshark display filters, not checked here.
struct Assertion {
    unsigned line = 0;  ///< where it stands, from 1
    std::string name;   ///< what people call it; may be empty
    std::string text;   ///< as it is written, without its name
    Kind kind = Kind::some;
    std::string filter;
    std::string where = {};       ///< every: of which frames
    std::string comparison = {};  ///< count: one of == != < <= > >=
    std::uint64_t number = 0;     ///< count: what is compared with
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
///
/// "[NAME]" may be left out. Empty lines, and those that begin with '#', say nothing. A contract
/// without an assertion is an error: it would hold of everything.
std::variant<std::vector<Assertion>, ContractError> parse(std::string_view text);

/// Whether an assertion holds of one capture.
struct Judgement {
    bool holds;
    std::vector<std::uint32_t> frames;  ///< those that break it, in order; may be empty
    std::string found;                  ///< in words: "3 frames match"
};

/// The numbers of the frames that match a display filter, in order.
using Matching = std::function<const std::vector<std::uint32_t>&(const std::string& filter)>;

/// Asks for each filter that it needs, and passes on what `matching` throws.
Judgement judge(const Assertion& assertion, const Matching& matching);

}  // namespace seamark::check
