// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/host_names.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <string_view>
#include <utility>

namespace seamark::net {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string canonical(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    std::string result(name);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

}  // namespace

HostNames::HostNames(std::vector<std::string> names) : names_(std::move(names)) {
    for (std::string& name : names_) name = canonical(name);
}

bool HostNames::include(const Authority& authority) const {
    if (authority.is_address) return true;
    if (!is_host_name(authority.host)) return false;
    const std::string name = canonical(authority.host);
    return name == "localhost" || name.ends_with(".localhost") ||
           std::ranges::find(names_, name) != names_.end();
}

bool is_loopback(const boost::asio::ip::address& address) {
    if (!address.is_v6()) return address.to_v4().is_loopback();
    const auto v6 = address.to_v6();
    if (!v6.is_v4_mapped()) return v6.is_loopback();
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).is_loopback();
}

}  // namespace seamark::net
