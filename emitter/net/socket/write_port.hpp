// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <span>

#include "net/socket/outlet.hpp"

namespace seamark::net {

/// The one way out: every byte that the server sends leaves through send(), in one non-blocking
/// call of ::send or ::sendmsg that is counted, reported, and never hidden in a loop. One for each
/// connection; borrows the socket and the observer (which may be null, and costs nothing then).
class WritePort : public Outlet {
  public:
    /// Makes the socket non-blocking.
    WritePort(boost::asio::ip::tcp::socket& socket, CallObserver* observer);

    /// One call; one that a signal interrupted is reported and made again. Something is left.
    Sent send(const Outgoing& outgoing) override;
    using Outlet::send;

    /// ECANCELED after abandon().
    boost::asio::awaitable<int> room() override;

    /// Ends a wait for room, and every later one: with ECANCELED.
    void abandon();

    int native_handle() const override { return socket_.native_handle(); }
    CallObserver* observer() const override { return observer_; }

    /// Whether room() waits: what the peer must end by reading.
    bool waiting() const { return waiting_; }

  private:
    boost::asio::ip::tcp::socket& socket_;
    CallObserver* observer_;
    bool waiting_ = false;
    bool abandoned_ = false;
};

}  // namespace seamark::net
