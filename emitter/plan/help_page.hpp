// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace seamark::plan {

/// The page at `/`: questions, a form with a field for each parameter of `/emit`, the lanes as a
/// picture of the writes and of the pieces that came, and how writes are counted. HTML, UTF-8; needs
/// nothing from elsewhere but the two below. Its sources are in emitter/page.
/// Parameters that need TLS, or do not go with it, are offered where they work.
std::string help_page(bool tls = false);

/// What `/page.css` and `/page.js` have.
std::string_view page_style();
std::string_view page_script();

/// The parameters of `/emit` as plain text, for `--help`.
std::string parameter_help();

}  // namespace seamark::plan
