// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "net/write_port.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// Set, with a reason, when a response must not go on. Whoever sets it also cancels the session's
/// timer and abandons its port, so that a wait ends.
struct Cut {
    bool requested = false;
    std::string reason;
};

struct EmissionEnd {
    int error = 0;                  ///< errno that ended it early
    bool cut = false;               ///< ended early because `cut` was requested
    std::uint64_t data_writes = 0;  ///< of the plan, taken whole
};

/// Writes the body that `options` asks for: encodes each write when it is its turn, with the index
/// that it will have, and hands it to the port. With no gap it does not go through the event loop
/// for each write, but lets others run every now and then. `head` goes out with the first write; it
/// is empty where it is out already.
boost::asio::awaitable<EmissionEnd> emit_body(WritePort& port, boost::asio::steady_timer& timer,
                                              const Cut& cut, const plan::EmitOptions& options,
                                              std::string head);

}  // namespace seamark::net
