// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/server/report_store.hpp"
#include "net/server/work_turns.hpp"
#include "net/socket/outlet.hpp"
#include "plan/write_encoder.hpp"
#include "plan/write_plan.hpp"

namespace seamark::net {

/// Set, with a reason, when a response must not go on. Whoever sets it also cancels the session's
/// timer and abandons its port, so that a wait ends.
struct Cut {
    bool requested = false;
    std::string reason;
    int peer_left = 0;  ///< why the peer has left, an errno; 0: it has not
};

/// What one body is written from; borrows it all.
struct Emission {
    plan::WriteSequence& writes;
    plan::WriteEncoder& encoder;
    bool gather = false;
    std::string_view head = {};  ///< leaves with the first write; empty: it is out already
    Report* report = nullptr;    ///< may be null
};

struct EmissionEnd {
    int error = 0;                  ///< errno that ended it early
    bool cut = false;               ///< ended early, and the client must not take it for the whole
    bool closed = false;            ///< ended by the plan, and so is the connection
    std::uint64_t data_writes = 0;  ///< taken whole
    std::string reason = {};        ///< of a cut
};

/// Writes a body: encodes each write when it is its turn, with the index that it will have, and
/// hands it to the port. With no gap it does not go through the event loop for each write, but
/// waits for another turn every now and then, and wherever a write takes more than one to make.
boost::asio::awaitable<EmissionEnd> emit_body(Outlet& port, boost::asio::steady_timer& timer,
                                              WorkTurns& turns, const Cut& cut, Emission emission);

}  // namespace seamark::net
