// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace seamark::net {

enum class PeerState {
    there,
    half_closed,  ///< it sends no more, and may read still or have left: only a write would show
    gone,         ///< the connection is broken
};

/// What the kernel knows of the peer of a connected TCP socket by now. One system call; takes
/// nothing that the peer has sent.
PeerState peer_state(int socket);

}  // namespace seamark::net
