// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/peer_state.hpp"

#include <poll.h>

namespace seamark::net {

PeerState peer_state(int socket) {
    pollfd state{.fd = socket, .events = POLLRDHUP, .revents = 0};
    if (::poll(&state, 1, 0) <= 0) return PeerState::there;
    // POLLERR alone is no broken connection, which POLLHUP comes with (its state is CLOSED then):
    // time stamps that wait in the socket's error queue raise it too.
    if ((state.revents & (POLLHUP | POLLNVAL)) != 0) return PeerState::gone;
    return (state.revents & POLLRDHUP) != 0 ? PeerState::half_closed : PeerState::there;
}

}  // namespace seamark::net
