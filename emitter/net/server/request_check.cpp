// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_check.hpp"

#include <boost/beast/http/rfc7230.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/server/authority.hpp"
#include "plan/escaped.hpp"

namespace seamark::net {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

std::vector<std::string_view> lines_of(const http::fields& fields, http::field name) {
    std::vector<std::string_view> lines;
    const auto [begin, end] = fields.equal_range(name);
    for (auto it = begin; it != end; ++it)
        lines.emplace_back(it->value().data(), it->value().size());
    return lines;
}

/// The parser reads the body, so both must find the same end for it.
std::optional<Refusal> check_framing(const ParsedHead& head, plan::HttpVersion version) {
    const auto framing =
        request_framing({.http = version,
                         .transfer_encoding = lines_of(head.fields, http::field::transfer_encoding),
                         .content_length = lines_of(head.fields, http::field::content_length)});
    if (const auto* refusal = std::get_if<Refusal>(&framing)) return *refusal;
    if (head.framing == std::get<RequestFraming>(framing)) return std::nullopt;
    return malformed("the end of its body can be read in two ways");
}

std::optional<Refusal> check_host(Request& request, const std::vector<std::string_view>& hosts,
                                  const HostNames* names) {
    const bool needed = request.http == plan::HttpVersion::http_1_1;
    if (hosts.size() > 1 || (needed && hosts.empty())) {
        return Refusal{400, "An HTTP/1.1 request has one Host field (RFC 9112, section 3.2)"};
    }
    if (!hosts.empty() && !parse_authority(hosts.front())) {
        return Refusal{400, "Host " + plan::in_quotes(hosts.front()) +
                                " is not HOST or HOST:PORT (RFC 9112, section 3.2)"};
    }
    if (!hosts.empty()) request.host = hosts.front();
    const auto in_target = authority_of(request.target);
    if (in_target) request.host = *in_target;
    const auto authority = parse_authority(request.host);
    if (in_target && (!authority || authority->host.empty())) {
        return Refusal{400, "The request target " + plan::in_quotes(request.target) +
                                " has no HOST or HOST:PORT after http://"};
    }
    if (!names || (hosts.empty() && !in_target) || names->include(*authority)) return std::nullopt;
    return Refusal{421, "This server is not called " + plan::in_quotes(authority->host) +
                            ": on a loopback address it answers to localhost, to names that end "
                            "in .localhost, to addresses, and to each name that `seamark serve "
                            "--host-name NAME` gives it"};
}

/// Whether the client waits for "100 Continue"; a refusal if it expects something else.
std::variant<bool, Refusal> expectation(const std::vector<std::string_view>& lines) {
    bool waits = false;
    for (const std::string_view line : lines) {
        if (line.empty()) continue;
        waits = beast::iequals(line, "100-continue");
        if (waits) continue;
        return Refusal{417, "Expect " + plan::in_quotes(line) +
                                " is not known here, only 100-continue (RFC 9110, section 10.1.1)"};
    }
    return waits;
}

}  // namespace

Refusal too_long() {
    return {413, "The request's body is longer than 1 MiB"};
}

std::variant<Request, Refusal> check_request(const ParsedHead& head, const HostNames* names) {
    const auto& fields = head.fields;
    Request request;
    request.method = std::string(fields.method_string());
    request.target = std::string(fields.target());
    request.http =
        fields.version() < 11 ? plan::HttpVersion::http_1_0 : plan::HttpVersion::http_1_1;
    request.keep_alive = head.keep_alive;
    request.keep_alive_said =
        http::token_list{fields[http::field::connection]}.exists("keep-alive");
    request.origin = std::string(fields[http::field::origin]);

    if (auto refusal = check_framing(head, request.http)) return *std::move(refusal);
    if (auto refusal = check_host(request, lines_of(fields, http::field::host), names)) {
        return *std::move(refusal);
    }
    if (request.http == plan::HttpVersion::http_1_1) {
        auto expected = expectation(lines_of(fields, http::field::expect));
        if (auto* refusal = std::get_if<Refusal>(&expected)) return std::move(*refusal);
        request.waits = std::get<bool>(expected);
    }
    if (head.framing.length > kLongestBody) return too_long();
    return request;
}

}  // namespace seamark::net
