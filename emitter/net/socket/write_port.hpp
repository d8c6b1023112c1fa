// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/socket/call_observer.hpp"

namespace seamark::net {

/// What was written since begin_exchange().
struct Tally {
    std::uint64_t first_index = 0;  ///< index of the first write, if there is one
    std::uint64_t writes = 0;       ///< calls that took at least one byte
    std::uint64_t bytes = 0;
    std::uint64_t short_writes = 0;  ///< calls that took some bytes but not all
    SendCall first_short;            ///< the first of them; its times are not set
};

/// What one call is to hand over. Borrows all of it.
struct Outgoing {
    std::span<const char> bytes;
    /// Where pieces of `bytes` end, rising, the last at its end: sendmsg() gathers them. Empty:
    /// send() takes `bytes` as they are.
    std::span<const std::size_t> ends = {};
    bool more = false;      ///< MSG_MORE
    std::size_t taken = 0;  ///< bytes that earlier calls took already

    std::size_t left() const { return bytes.size() - taken; }
};

/// The one way out: every byte that the server sends leaves through send(), in one non-blocking
/// call of ::send or ::sendmsg that is counted, reported, and never hidden in a loop. One for each
/// connection; borrows the socket and the observer (which may be null, and costs nothing then).
class WritePort {
  public:
    /// Makes the socket non-blocking.
    WritePort(boost::asio::ip::tcp::socket& socket, CallObserver* observer);

    struct Sent {
        std::size_t taken;  ///< bytes
        int error;  ///< errno if none were taken (EAGAIN: the socket's buffer is full), else 0
    };

    /// One call; one that a signal interrupted is reported and made again. Something is left.
    Sent send(const Outgoing& outgoing);
    Sent send(std::span<const char> bytes) { return send(Outgoing{.bytes = bytes}); }

    /// Calls send() until all is taken, waiting for room where there is none. Returns the error
    /// that ended it (an errno; ECANCELED after abandon()), or 0. Empty `bytes`: 0.
    boost::asio::awaitable<int> send_all(std::span<const char> bytes);

    /// Waits until the socket has room. An errno, ECANCELED after abandon(), or 0.
    boost::asio::awaitable<int> room();

    /// Ends a wait for room, and every later one: with ECANCELED.
    void abandon();

    int native_handle() const { return socket_.native_handle(); }
    CallObserver* observer() const { return observer_; }

    /// Index that the next write will have.
    std::uint64_t next_index() const { return index_ + 1; }

    /// Whether room() waits: what the peer must end by reading.
    bool waiting() const { return waiting_; }

    /// Starts a new tally. Indices go on.
    void begin_exchange() { tally_ = {}; }
    const Tally& tally() const { return tally_; }

  private:
    boost::asio::ip::tcp::socket& socket_;
    CallObserver* observer_;
    std::uint64_t index_ = 0;
    bool waiting_ = false;
    bool abandoned_ = false;
    Tally tally_;
};

}  // namespace seamark::net
