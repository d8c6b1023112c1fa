// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/route.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "net/server/request_target.hpp"
#include "plan/escaped.hpp"
#include "plan/help_page.hpp"
#include "plan/number_text.hpp"
#include "plan/plan_parser.hpp"
#include "plan/response_head.hpp"

namespace seamark::net {
namespace {

constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view css_type = "text/css; charset=utf-8";
constexpr std::string_view script_type = "text/javascript; charset=utf-8";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view value_of(const RequestTarget& target, std::string_view name) {
    const auto it = std::find_if(target.query.begin(), target.query.end(),
                                 [&](const plan::NameValue& pair) { return pair.name == name; });
    return it == target.query.end() ? std::string_view{} : it->value;
}

/// The plan that a request is to carry out.
struct PlanText {
    std::string text;
    std::string name;
};

std::string own_origin(const Request& request, const Resources& resources) {
    return (resources.tls ? "https://" : "http://") + request.host;
}

/// Neither text nor name: none.
std::variant<PlanText, Page> plan_of(const Request& request, const RequestTarget& target,
                                     const Resources& resources) {
    const std::string name(value_of(target, "plan"));
    if (request.method == "POST") {
        // A form on a stranger's page can post here, and must not get a plan carried out.
        if (!request.origin.empty() && request.origin != own_origin(request, resources)) {
            return error_page(403, "A plan is not taken from a page of another origin, " +
                                       plan::in_quotes(request.origin));
        }
        if (!name.empty())
            return error_page(400, "A POST carries its plan, so plan= is one too many");
        if (request.body.empty())
            return error_page(400, "The body of a POST is the plan, and empty");
        return PlanText{request.body, "plan"};
    }
    if (name.empty()) return PlanText{resources.plan, resources.plan_name};
    auto file = resources.files.open(name);
    if (auto* allowed = std::get_if<std::string>(&file)) {
        return error_page(400, plan::to_text(plan::OptionError{"plan", name, std::move(*allowed)}));
    }
    const auto& open_file = std::get<OpenFile>(file);
    if (open_file.size() > plan::longest_plan) {
        return error_page(400, "The plan " + plan::in_quotes(name) + " has " +
                                   std::to_string(open_file.size()) + " bytes, more than the " +
                                   std::to_string(plan::longest_plan) + " that a plan may have");
    }
    try {
        return PlanText{read_all(open_file), name};
    } catch (const plan::BodyError& e) {
        return error_page(400, "The plan " + plan::in_quotes(name) + ": " + e.what());
    }
}

std::variant<Page, Planned> emit(const Request& request, const RequestTarget& target,
                                 const Resources& resources) {
    auto found = plan_of(request, target, resources);
    if (auto* page = std::get_if<Page>(&found)) return std::move(*page);
    const PlanText& text = std::get<PlanText>(found);
    std::optional<plan::Script> script;
    if (!text.text.empty() || !text.name.empty()) {
        const auto [given, standard] = plan::framing_choice(target.query, request.http);
        auto parsed = plan::parse_plan(text.text, given, standard);
        if (const auto* error = std::get_if<plan::PlanError>(&parsed)) {
            return error_page(400, plan::to_text(*error, text.name));
        }
        script = std::get<plan::Script>(std::move(parsed));
    }
    auto options = plan::parse_emit_options(target.query, request.http,
                                            script ? std::optional(script->framing) : std::nullopt,
                                            resources.tls);
    if (const auto* error = std::get_if<plan::OptionError>(&options)) {
        return error_page(400, plan::to_text(*error));
    }
    auto& good = std::get<plan::EmitOptions>(options);
    auto body = script ? std::variant<Body, plan::OptionError>(Body(*std::move(script)))
                       : Body::of(good, resources.files);
    if (const auto* error = std::get_if<plan::OptionError>(&body)) {
        return error_page(400, plan::to_text(*error));
    }
    auto& made = std::get<Body>(body);
    if (const auto error = plan::check_records(good, resources.tls ? made.largest_write() : 0)) {
        return error_page(400, plan::to_text(*error));
    }
    return Planned{std::move(good), std::move(made)};
}

Page report(const RequestTarget& target, const ReportStore& reports) {
    const std::string_view id = value_of(target, "id");
    const auto found = reports.find(id);
    if (!found) {
        return error_page(404, "There is no report " + plan::in_quotes(id) +
                                   ": /emit?report=ID begins one, and the last 16 are kept");
    }
    const std::string_view text = value_of(target, "from");
    const auto from =
        text.empty() ? std::optional<std::size_t>(0) : plan::read_number<std::size_t>(text);
    if (!from) {
        return error_page(400, plan::to_text(plan::OptionError{"from", std::string(text),
                                                               "a number of writes to pass over"}));
    }
    return {.body = found->json(*from), .content_type = json_type};
}

}  // namespace

Page error_page(unsigned status, std::string text) {
    if (!text.ends_with('\n')) text += ".\n";
    text += "The page at / explains this server and each of its parameters.\n";
    return {.status = status, .body = std::move(text)};
}

Page busy_page(std::uint64_t memory) {
    Page page = error_page(503, "This response would take " + std::to_string((memory >> 20) + 1) +
                                    " MiB of memory, and other responses have what the server may "
                                    "use (--max-memory). Ask again later, or for a smaller size");
    page.retry_after = plan::retry_after;
    return page;
}

std::variant<Page, Planned> route(const Request& request, const Resources& resources) {
    const auto not_served = [&](const std::string& methods, std::string_view allow) {
        Page page = error_page(405, "The method " + plan::in_quotes(request.method) +
                                        " is not served here, only " + methods);
        page.allow = allow;
        return page;
    };
    // Its target is no path, but a host and a port.
    if (request.method == "CONNECT") return not_served("GET and HEAD", "GET, HEAD");
    const auto target = split_target(request.target);
    if (!target) {
        return error_page(400, "The request target " + plan::in_quotes(request.target) +
                                   " is not a path, or has a % without two hexadecimal digits");
    }
    const std::string& path = target->path;
    const bool is_emit = path == "/emit";
    if (path != "/" && !is_emit && path != "/report" && path != "/page.css" && path != "/page.js") {
        return error_page(
            404, "There is no " + plan::in_quotes(path) + " here, only /, /emit and /report");
    }
    const bool may = request.method == "GET" || request.method == "HEAD";
    if (!may && !(is_emit && request.method == "POST")) {
        if (is_emit) return not_served("GET, HEAD and POST", "GET, HEAD, POST");
        return not_served("GET and HEAD", "GET, HEAD");
    }
    if (is_emit) return emit(request, *target, resources);
    if (path == "/report") return report(*target, resources.reports);
    if (path == "/page.css") {
        return Page{.body = std::string(plan::page_style()), .content_type = css_type};
    }
    if (path == "/page.js") {
        return Page{.body = std::string(plan::page_script()), .content_type = script_type};
    }
    return Page{
        .body = plan::help_page(resources.tls), .content_type = html_type, .policy = page_policy};
}

}  // namespace seamark::net
