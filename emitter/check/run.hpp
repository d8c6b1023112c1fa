// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "check/tshark.hpp"

namespace seamark::check {

struct CheckOptions {
    std::string contract;               ///< a file
    std::vector<std::string> captures;  ///< files
    TsharkOptions tshark;
    bool quiet = false;  ///< say only what does not hold
};

/// Holds each capture against the contract: a line on standard output for each assertion, what
/// could not be checked on standard error. Exit status 0: all hold; 1: one does not; 2: something
/// could not be checked.
int check(const CheckOptions& options);

}  // namespace seamark::check
