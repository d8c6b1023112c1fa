// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "net/request_reader.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// A short answer: one write, with a Content-Length.
struct Page {
    unsigned status = 200;
    std::string body;
    std::string_view content_type = "text/plain; charset=utf-8";
    std::string_view allow = {};
};

/// An answer that says what is wrong with a request: one line, and where to read on.
Page error_page(unsigned status, std::string text);

/// What a request is to be answered with.
std::variant<Page, plan::EmitOptions> route(const Request& request);

}  // namespace seamark::net
