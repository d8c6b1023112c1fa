// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "net/client/http_url.hpp"
#include "net/client/wait_limits.hpp"

namespace seamark::net {

/// The addresses of the URL's host, in the order in which they are to be tried: one at least. A
/// name is looked up in a thread of its own, which is left behind when the limit is reached. Throws
/// std::runtime_error.
std::vector<boost::asio::ip::tcp::endpoint> addresses_of(const HttpUrl& url, WaitLimits& limits);

/// Connects the open socket, which becomes non-blocking. Returns the errno that the peer or the
/// kernel gave, or 0; throws std::runtime_error where it takes too long.
int connect_to(boost::asio::ip::tcp::socket& socket, const boost::asio::ip::tcp::endpoint& peer,
               WaitLimits& limits);

}  // namespace seamark::net
