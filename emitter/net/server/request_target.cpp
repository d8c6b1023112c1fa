// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_target.hpp"

#include "net/server/authority.hpp"
#include "plan/query.hpp"

namespace seamark::net {
namespace {

/// Cuts the scheme and the authority off an absolute form.
std::string_view origin_form(std::string_view target) {
    if (target.starts_with('/')) return target;
    const auto authority = authority_of(target);
    if (!authority) return {};
    target.remove_prefix(static_cast<std::size_t>(authority->end() - target.begin()));
    return target.empty() ? std::string_view("/") : target;
}

}  // namespace

std::optional<RequestTarget> split_target(std::string_view target) {
    const std::string_view origin = origin_form(target);
    if (origin.empty()) return std::nullopt;

    const auto mark = origin.find('?');
    RequestTarget result;
    auto path = plan::percent_decoded(origin.substr(0, mark), false);
    if (!path) return std::nullopt;
    result.path = path->empty() ? "/" : *std::move(path);
    if (mark == std::string_view::npos) return result;

    auto query = plan::split_query(origin.substr(mark + 1));
    if (!query) return std::nullopt;
    result.query = *std::move(query);
    return result;
}

}  // namespace seamark::net
