// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::plan {

/// The page at `/`: what the server does, each parameter of `/emit` with a link that shows it, and
/// how writes are counted. HTML, UTF-8, needs nothing from elsewhere and no script.
std::string help_page();

/// The parameters of `/emit` as plain text, for `--help`.
std::string parameter_help();

}  // namespace seamark::plan
