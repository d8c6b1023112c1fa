// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>

namespace seamark::net {

/// How much is done in one turn, in bytes that are copied, or what costs as much: about 0.2 ms of
/// small writes, or a millisecond of compressing.
inline constexpr std::uint64_t work_a_turn = 256UL * 1024;

/// Turns at the one thread of an event loop, for work that would keep it busy: whoever has done
/// work_a_turn waits for its next turn, after all others that wait. Between two turns the loop
/// sees to its sockets and timers, so that a request that needs little waits for one turn of others
/// at a time, however many they are. All on the loop's thread; must outlive whoever waits, or the
/// loop be stopped for good.
class WorkTurns {
  public:
    explicit WorkTurns(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    WorkTurns(const WorkTurns&) = delete;
    WorkTurns& operator=(const WorkTurns&) = delete;

    /// Returns in the caller's turn.
    boost::asio::awaitable<void> next();

  private:
    void give();

    boost::asio::any_io_executor executor_;
    std::deque<boost::asio::steady_timer*> waiting_;
    bool giving_ = false;
};

}  // namespace seamark::net
