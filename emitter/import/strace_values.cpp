// SPDX-License-Identifier: GPL-2.0-or-later
#include "import/strace_values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "import/strace_line.hpp"

namespace seamark::import {
namespace {

struct ErrorName {
    std::string_view name;
    int number;
};
/// Those that calls on a TCP socket return; another one is recorded as failed for no known reason.
constexpr std::array kErrors{
    ErrorName{"EAGAIN", EAGAIN},
    ErrorName{"EWOULDBLOCK", EAGAIN},
    ErrorName{"EPIPE", EPIPE},
    ErrorName{"ECONNRESET", ECONNRESET},
    ErrorName{"EINTR", EINTR},
    ErrorName{"ENOTCONN", ENOTCONN},
    ErrorName{"EBADF", EBADF},
    ErrorName{"EINPROGRESS", EINPROGRESS},
    ErrorName{"ETIMEDOUT", ETIMEDOUT},
    ErrorName{"EFAULT", EFAULT},
    ErrorName{"EINVAL", EINVAL},
    ErrorName{"ENOBUFS", ENOBUFS},
    ErrorName{"ENOMEM", ENOMEM},
    ErrorName{"EHOSTUNREACH", EHOSTUNREACH},
    ErrorName{"ENETUNREACH", ENETUNREACH},
    ErrorName{"ECONNREFUSED", ECONNREFUSED},
    ErrorName{"ECONNABORTED", ECONNABORTED},
    ErrorName{"EMSGSIZE", EMSGSIZE},
    ErrorName{"EIO", EIO},
    ErrorName{"EALREADY", EALREADY},
};

/// What stands after `key` in a structure, up to a comma or a bracket.
std::string_view value_of(std::string_view text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + key.size());
    return text.substr(0, text.find_first_of(",)}"));
}

}  // namespace

int error_number(std::string_view name) {
    const auto* known = std::find_if(kErrors.begin(), kErrors.end(),
                                     [&](const ErrorName& error) { return error.name == name; });
    return known == kErrors.end() ? 0 : known->number;
}

std::optional<record::Endpoint> endpoint_of(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    record::Endpoint end;
    const std::string_view port = text.substr(colon + 1);
    const auto [last, error] = std::from_chars(port.data(), port.data() + port.size(), end.port);
    if (error != std::errc() || last != port.data() + port.size()) return std::nullopt;
    constexpr std::string_view kMapped = "::ffff:";
    if (host.starts_with(kMapped) && host.find('.') != std::string_view::npos)
        host.remove_prefix(kMapped.size());
    const std::string address(host);
    if (::inet_pton(AF_INET, address.c_str(), end.address.data()) == 1) return end;
    end.ipv6 = true;
    if (::inet_pton(AF_INET6, address.c_str(), end.address.data()) == 1) return end;
    return std::nullopt;
}

std::string_view unquoted(std::string_view text) {
    if (text.starts_with('"')) text.remove_prefix(1);
    return text.substr(0, text.find('"'));
}

std::optional<std::string> address_text(std::string_view address) {
    const bool ipv6 = address.find("AF_INET6") != std::string_view::npos;
    const std::string_view port = value_of(address, ipv6 ? "sin6_port=htons(" : "sin_port=htons(");
    const std::string_view host =
        unquoted(value_of(address, ipv6 ? "inet_pton(AF_INET6, " : "sin_addr=inet_addr("));
    if (port.empty() || host.empty()) return std::nullopt;
    return (ipv6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::string(port);
}

std::optional<std::uint64_t> sum_of(std::string_view text, std::string_view key) {
    std::uint64_t sum = 0;
    bool any = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at)
                if (text[at] == '\\') ++at;
            // Only the text was cut short: "HTTP/1.1 200 OK"..., and its length follows.
            if (text.substr(std::min(at + 1, text.size())).starts_with("...")) at += 3;
        } else if (text.substr(at).starts_with("...")) {
            return std::nullopt;
        } else if (text.substr(at).starts_with(key)) {
            at += key.size();
            if (const auto number = number_of(text.substr(at)); number && *number >= 0) {
                sum += static_cast<std::uint64_t>(*number);
                any = true;
            }
        }
    }
    return any ? std::optional(sum) : std::nullopt;
}

std::optional<std::uint64_t> size_of(const std::optional<std::int64_t>& number) {
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

bool has_word(std::string_view flags, std::string_view word) {
    while (!flags.empty()) {
        const auto bar = flags.find('|');
        if (flags.substr(0, bar) == word) return true;
        flags = bar == std::string_view::npos ? std::string_view() : flags.substr(bar + 1);
    }
    return false;
}

}  // namespace seamark::import
