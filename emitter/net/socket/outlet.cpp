// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/outlet.hpp"

#include <cerrno>

namespace seamark::net {

boost::asio::awaitable<int> Outlet::send_all(std::span<const char> bytes) {
    Outgoing outgoing{.bytes = bytes};
    while (outgoing.left() > 0) {
        const auto [taken, error] = send(outgoing);
        outgoing.taken += taken;
        if (error == 0) continue;
        if (error != EAGAIN && error != EWOULDBLOCK) co_return error;
        if (const int failure = co_await room(); failure != 0) co_return failure;
    }
    co_return 0;
}

}  // namespace seamark::net
