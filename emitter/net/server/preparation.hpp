// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>

#include "net/server/body.hpp"
#include "net/server/emission.hpp"
#include "net/server/work_turns.hpp"

namespace seamark::net {

/// Makes a body ready whose length the head must show, turn by turn. Ends early where the response
/// is cut, where its bytes cannot be had, and where the peer has left; one that has only closed its
/// own half is given some MB of a body, since it may have left as well.
boost::asio::awaitable<EmissionEnd> prepare(Body& body, int socket, WorkTurns& turns,
                                            const Cut& cut);

}  // namespace seamark::net
