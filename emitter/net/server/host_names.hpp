// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "net/server/authority.hpp"

namespace seamark::net {

/// The host names by which a server on a loopback address may be called. Any page can have a name
/// of its own resolve to 127.0.0.1 (DNS rebinding); a browser then sends that name, and takes the
/// answers for its own site's.
class HostNames {
  public:
    HostNames() = default;

    /// `names` in addition to localhost and the names below it; each is_host_name().
    explicit HostNames(std::vector<std::string> names);

    /// Whether the host is an address, localhost, a name that ends in .localhost, or one of the
    /// given ones. Case and one dot at the end make no difference, nor does a port.
    bool include(const Authority& authority) const;

  private:
    std::vector<std::string> names_;  ///< in lower case, without a dot at the end
};

/// 127.0.0.0/8, ::1, and the former mapped into IPv6 (::ffff:127.0.0.0/104).
bool is_loopback(const boost::asio::ip::address& address);

}  // namespace seamark::net
