// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/settings.hpp"
#include "plan/escaped.hpp"
#include "plan/plan_parser.hpp"
#include "plan/query.hpp"

namespace seamark::lab {
namespace {

/// What `seamark serve` would answer instead of a response: better said before anything is
/// captured.
std::optional<std::string> serve_error(const std::string& emit, const std::string& plan_text,
                                       bool tls) {
    constexpr auto http = plan::HttpVersion::http_1_1;
    const auto query = plan::split_query(emit);
    if (!query)
        return "emit: a % is not followed by two hexadecimal digits: " + plan::in_quotes(emit);
    if (!plan_text.empty()) {
        const auto [given, standard] = plan::framing_choice(*query, http);
        const auto plan = plan::parse_plan(plan_text, given, standard);
        const auto* error = std::get_if<plan::PlanError>(&plan);
        if (error == nullptr) return std::nullopt;
        return plan::to_text(*error, "plan");
    }
    const auto options = plan::parse_emit_options(*query, http, std::nullopt, tls);
    const auto* error = std::get_if<plan::OptionError>(&options);
    if (error == nullptr) return std::nullopt;
    return "emit: " + plan::to_text(*error);
}

}  // namespace

std::optional<std::string> check_together(const Settings& settings) {
    const Settings& s = settings;
    if (s.link == Link::loopback &&
        (s.delay.count() > 0 || s.rate > 0 || s.card_rate > 0 || s.loss > 0 || s.reorder > 0))
        return "delay, rate, card-rate, loss and reorder need a cable: use link veth";
    if (s.reorder > 0 && s.delay.count() == 0)
        return "reorder needs a delay, in which packets can overtake: delay 5ms, for example";
    if (!s.server.empty() && !s.plan.empty())
        return "a plan is carried out by `seamark serve`, but server is a command of its own";
    if (!s.server.empty() && !s.emit.empty())
        return "emit is a query for `seamark serve`, but server is a command of its own: leave "
               "emit "
               "out; path says what is asked of it";
    if (s.tls_at_server() && !s.server.empty())
        return "tls is spoken by `seamark serve`, but server is a command of its own: tls off, and "
               "let the command speak it";
    if (s.kernel && !s.tls.empty())
        return "in the kernel nobody has the keys of TLS: leave kernel out, or tls";
    if (s.kernel && s.record != "state" && s.record != "calls")
        return "the kernel recorder records calls or state: record " + s.record +
               " is for recorders in the programs";
    if (s.server.empty())
        if (auto wrong = serve_error(s.emit, s.plan, s.tls_at_server())) return wrong;
    if (!s.proxy.empty() && s.link == Link::loopback && s.proxy_port == s.port)
        return "on a loopback link proxy-port and port are to differ";
    return std::nullopt;
}

}  // namespace seamark::lab
