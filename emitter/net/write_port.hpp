// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/uio.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "net/call_observer.hpp"

namespace seamark::net {

/// What was written since begin_exchange().
struct Tally {
    std::uint64_t first_index = 0;  ///< index of the first write, if there is one
    std::uint64_t writes = 0;       ///< calls that took at least one byte
    std::uint64_t bytes = 0;
    std::uint64_t short_writes = 0;  ///< calls that took some bytes but not all
    SendCall first_short;            ///< the first of them; its times are not set
};

/// The one way out: every byte that the server sends leaves through a send function here, in one
/// non-blocking call of ::send or ::sendmsg that is counted, reported, and never hidden in a loop. One for each connection;
/// borrows the socket and the observer (which may be null, and costs nothing then).
class WritePort {
  public:
    /// Makes the socket non-blocking.
    WritePort(boost::asio::ip::tcp::socket& socket, CallObserver* observer);

    struct Sent {
        std::size_t taken;  ///< bytes
        int error;  ///< errno if none were taken (EAGAIN: the socket's buffer is full), else 0
    };

    /// One call of ::send, with MSG_MORE if there is `more` to come; a call that a signal
    /// interrupted is reported and made again. `bytes` is not empty.
    Sent send(std::span<const char> bytes, bool more = false);

    /// The same by one call of ::sendmsg, with a buffer for each part. `part_ends` are positions in
    /// `bytes`, ascending, the last of them its end.
    Sent send_gathered(std::span<const char> bytes, std::span<const std::size_t> part_ends,
                       bool more);

    /// Calls send() until all is taken, waiting for room where there is none. Returns the error
    /// that ended it (an errno; ECANCELED after abandon()), or 0. Empty `bytes`: 0.
    boost::asio::awaitable<int> send_all(std::span<const char> bytes, bool more = false);

    /// Ends a send_all() that waits, and every later one that would: with ECANCELED.
    void abandon();

    /// Index that the next write will have.
    std::uint64_t next_index() const { return index_ + 1; }

    /// Whether send_all() waits for room: what the peer must end by reading.
    bool waiting() const { return waiting_; }

    /// Starts a new tally. Indices go on.
    void begin_exchange() { tally_ = {}; }
    const Tally& tally() const { return tally_; }

  private:
    template <typename Send>
    Sent make_calls(SendCall call, Send send);

    boost::asio::ip::tcp::socket& socket_;
    CallObserver* observer_;
    std::uint64_t index_ = 0;
    bool waiting_ = false;
    bool abandoned_ = false;
    Tally tally_;
    std::vector<iovec> parts_;  ///< of a gathered write, reused
};

}  // namespace seamark::net
