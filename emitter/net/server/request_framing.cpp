// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_framing.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <optional>
#include <string>

#include "plan/escaped.hpp"
#include "plan/number_text.hpp"

namespace seamark::net {
namespace {

namespace beast = boost::beast;

/// Several lines of a list field are one list (RFC 9110 section 5.3).
std::string joined(const std::vector<std::string_view>& lines) {
    std::string list;
    for (const std::string_view line : lines) {
        if (!list.empty()) list += ", ";
        list += line;
    }
    return list;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

/// Cuts the first member off a list; a comma in a quoted string separates nothing.
std::string_view take_member(std::string_view& list) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < list.size() && (quoted || list[end] != ','); ++end) {
        if (list[end] == '"') quoted = !quoted;
        if (quoted && list[end] == '\\') ++end;
    }
    const std::string_view member = list.substr(0, end);
    list.remove_prefix(std::min(member.size() + 1, list.size()));
    return trimmed(member);
}

std::variant<RequestFraming, Refusal> by_codings(const std::string& list) {
    const auto refuse = [&](unsigned status, const std::string& why) {
        return Refusal{status, "Transfer-Encoding " + plan::in_quotes(list) + why};
    };
    bool chunked = false;  // the last coding so far
    bool chunked_before = false;
    bool with_parameter = false;
    bool unknown = false;
    for (std::string_view rest = list; !rest.empty();) {
        const std::string_view member = take_member(rest);
        if (member.empty()) continue;  // RFC 9110 section 5.6.1.2
        const auto semicolon = member.find(';');
        const std::string_view name = trimmed(member.substr(0, semicolon));
        if (!is_token(name)) {
            return refuse(400, " is not a list of transfer codings (RFC 9112, section 6.1)");
        }
        chunked_before = chunked_before || chunked;
        chunked = beast::iequals(name, "chunked");
        with_parameter = with_parameter || (chunked && semicolon != std::string_view::npos);
        unknown = unknown || !chunked;
    }
    if (!chunked) {
        return refuse(400,
                      " does not end in chunked, so the end of the request is not known (RFC 9112, "
                      "section 6.3)");
    }
    if (chunked_before) {
        return refuse(400, " has chunked before the last coding (RFC 9112, section 6.1)");
    }
    if (with_parameter) {
        return refuse(400, " gives chunked a parameter, and it has none (RFC 9112, section 7.1)");
    }
    if (unknown) return refuse(501, " has a coding that this server does not know, only chunked");
    return RequestFraming{.chunked = true};
}

/// A list whose members are one length again and again is that length (RFC 9110 section 8.6).
std::variant<RequestFraming, Refusal> by_length(const std::vector<std::string_view>& lines) {
    std::optional<std::uint64_t> length;
    for (std::string_view line : lines) {
        for (bool more = true; more;) {
            const auto comma = line.find(',');
            const auto value = plan::read_number<std::uint64_t>(trimmed(line.substr(0, comma)));
            if (!value) {
                return Refusal{400, "Content-Length " + plan::in_quotes(line) +
                                        " is not a number of bytes below 2^64"};
            }
            if (length && *length != *value) {
                return Refusal{400, "Content-Length says " + std::to_string(*length) + " and " +
                                        std::to_string(*value) +
                                        ", so the end of the request is not known"};
            }
            length = value;
            more = comma != std::string_view::npos;
            if (more) line.remove_prefix(comma + 1);
        }
    }
    return RequestFraming{.length = length.value_or(0)};
}

}  // namespace

std::variant<RequestFraming, Refusal> request_framing(const FramingFields& fields) {
    if (fields.transfer_encoding.empty()) return by_length(fields.content_length);
    if (fields.http == plan::HttpVersion::http_1_0) {
        return Refusal{400, "HTTP/1.0 has no Transfer-Encoding (RFC 9112, section 6.1)"};
    }
    if (!fields.content_length.empty()) {
        return Refusal{400,
                       "The request has both Transfer-Encoding and Content-Length (RFC 9112, "
                       "section 6.3)"};
    }
    return by_codings(joined(fields.transfer_encoding));
}

}  // namespace seamark::net
