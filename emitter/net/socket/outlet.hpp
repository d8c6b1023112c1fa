// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

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

/// Where a response is written to, one counted call after another: a socket, or what stands above
/// one.
class Outlet {
  public:
    Outlet() = default;
    virtual ~Outlet() = default;
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;

    struct Sent {
        std::size_t taken;  ///< bytes
        int error;  ///< errno if none were taken (EAGAIN: the socket's buffer is full), else 0
    };

    /// One call. Something is left. After EAGAIN it is asked again for the same.
    virtual Sent send(const Outgoing& outgoing) = 0;
    Sent send(std::span<const char> bytes) { return send(Outgoing{.bytes = bytes}); }

    /// Waits until the socket has room. An errno (ECANCELED where the wait was ended), or 0.
    virtual boost::asio::awaitable<int> room() = 0;

    /// Calls send() until all is taken, waiting for room where there is none. Returns the error
    /// that ended it, an errno, or 0. Empty `bytes`: 0.
    boost::asio::awaitable<int> send_all(std::span<const char> bytes);

    /// What it costs to send so many bytes, as bytes that are copied.
    virtual std::uint64_t work(std::size_t bytes) const { return bytes; }

    virtual int native_handle() const = 0;
    virtual CallObserver* observer() const = 0;

    /// Index that the next write will have.
    std::uint64_t next_index() const { return index_ + 1; }

    /// Starts a new tally. Indices go on.
    void begin_exchange() { tally_ = {}; }
    const Tally& tally() const { return tally_; }

  protected:
    /// Counts a write, and gives it its index.
    std::uint64_t count_write() {
        if (tally_.writes++ == 0) tally_.first_index = index_ + 1;
        return ++index_;
    }

    std::uint64_t index_ = 0;
    Tally tally_;
};

}  // namespace seamark::net
