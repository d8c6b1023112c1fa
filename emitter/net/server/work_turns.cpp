// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/work_turns.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace seamark::net {

namespace asio = boost::asio;

asio::awaitable<void> WorkTurns::next() {
    // Ends only by give(): a timer is what can be waited for and woken by somebody else.
    asio::steady_timer turn(executor_, asio::steady_timer::time_point::max());
    waiting_.push_back(&turn);
    if (!giving_) {
        giving_ = true;
        asio::post(executor_, [this] { give(); });
    }
    co_await turn.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// Wakes one, and itself after it: the loop looks at its sockets before it comes here again.
void WorkTurns::give() {
    waiting_.front()->cancel();
    waiting_.pop_front();
    giving_ = !waiting_.empty();
    if (giving_) asio::post(executor_, [this] { give(); });
}

}  // namespace seamark::net
