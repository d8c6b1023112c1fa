// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "net/server/body.hpp"
#include "net/server/request_reader.hpp"
#include "net/server/resources.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// A short answer: one write, with a Content-Length.
struct Page {
    unsigned status = 200;
    std::string body;
    std::string_view content_type = "text/plain; charset=utf-8";
    std::string_view policy = {};
    std::string_view allow = {};
    unsigned retry_after = 0;  ///< s; 0: not said
};

/// An answer that is written as its request asks.
struct Planned {
    plan::EmitOptions options;
    Body body;
};

/// An answer that says what is wrong with a request: one line, and where to read on.
Page error_page(unsigned status, std::string text);

/// A 503 for a response that would take so many bytes of memory, which others have.
Page busy_page(std::uint64_t memory);

/// What a request is to be answered with.
std::variant<Page, Planned> route(const Request& request, const Resources& resources);

}  // namespace seamark::net
