// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/peer_state.hpp"

#include <poll.h>

namespace seamark::net {

PeerState peer_state(int socket) {
    pollfd state{.fd = socket, .events = POLLRDHUP, .revents = 0};
    if (::poll(&state, 1, 0) <= 0) return PeerState::there;
    if ((state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return PeerState::gone;
    return PeerState::half_closed;
}

}  // namespace seamark::net
