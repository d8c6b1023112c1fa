// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "check/tshark.hpp"

namespace seamark::check {

struct CheckOptions {
    std::vector<std::string> contracts;  ///< names of shipped ones, or files
    std::vector<std::string> captures;   ///< files
    std::string where;                   ///< picks rows, in all assertions about rows; may be empty
    TsharkOptions tshark;
    bool quiet = false;        ///< say only what does not hold
    bool json = false;         ///< a line of JSON a result, instead of words
    bool annotations = false;  ///< workflow commands of GitHub Actions, beside the words
    std::string junit;         ///< a file for all results as JUnit's XML; empty: none
};

/// Holds each capture against the contracts: a line on standard output for each assertion, what
/// could not be checked on standard error. Exit status 0: all hold; 1: one does not; 2: something
/// could not be checked.
int check(const CheckOptions& options);

}  // namespace seamark::check
