// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "check/judgement.hpp"

namespace seamark::check {

/// What came of one assertion with one capture, or why a capture (or all) could not be checked in
/// full. Text is fit to be shown.
struct Result {
    std::string capture = {};    ///< empty: of none
    std::string contract = {};   ///< empty: of no assertion
    unsigned line = 0;           ///< of the contract; 0: of no assertion
    std::string name = {};       ///< of the assertion; may be empty
    std::string assertion = {};  ///< as it is written
    Outcome outcome = Outcome::kUnknown;
    std::string found = {};                  ///< in words
    std::vector<std::uint32_t> frames = {};  ///< that break it, or to look at
};

/// ": frame 3" or ": frames 3, 5, …", the first ten of them; nothing of none.
std::string list_of(const std::vector<std::uint32_t>& frames);
/// What a person reads of a result, without "ok" and the like. names_contract: where there are
/// several.
std::string in_words(const Result& result, bool names_contract);

/// One line of JSON (docs/schemas/check.schema.json).
std::string to_json(const Result& result);
/// A workflow command of GitHub Actions that puts the result beside the contract's line.
std::string to_annotation(const Result& result);
/// All results as JUnit's XML: a suite a capture, a case an assertion, in the order of the results.
std::string to_junit(const std::vector<Result>& results);

}  // namespace seamark::check
