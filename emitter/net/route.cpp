// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/route.hpp"

#include "net/request_target.hpp"
#include "plan/escaped.hpp"
#include "plan/help_page.hpp"

namespace seamark::net {

Page error_page(unsigned status, std::string text) {
    if (!text.ends_with('\n')) text += ".\n";
    text += "The page at / explains this server and each of its parameters.\n";
    return {.status = status, .body = std::move(text)};
}

std::variant<Page, plan::EmitOptions> route(const Request& request) {
    const auto target = split_target(request.target);
    if (!target) {
        return error_page(400, "The request target " + plan::in_quotes(request.target) +
                                   " is not a path, or has a % without two hexadecimal digits");
    }
    if (target->path != "/" && target->path != "/emit") {
        return error_page(
            404, "There is no " + plan::in_quotes(target->path) + " here, only / and /emit");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        Page page = error_page(405, "The method " + plan::in_quotes(request.method) +
                                        " is not served here, only GET and HEAD");
        page.allow = "GET, HEAD";
        return page;
    }
    if (target->path == "/") {
        return Page{.body = plan::help_page(), .content_type = "text/html; charset=utf-8"};
    }

    auto options = plan::parse_emit_options(target->query, request.http);
    if (const auto* error = std::get_if<plan::OptionError>(&options)) {
        return error_page(400, plan::to_text(*error));
    }
    return std::get<plan::EmitOptions>(options);
}

}  // namespace seamark::net
