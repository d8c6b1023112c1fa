// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "net/socket/call_observer.hpp"
#include "net/socket/inlet.hpp"

namespace seamark::net {

/// The one way in: every byte that is read comes through receive(), in one non-blocking call of
/// ::recv that is counted and reported. One for each connection; borrows the socket and the
/// observer (which may be null, and costs nothing then).
class ReadPort : public Inlet {
  public:
    /// Makes the socket non-blocking.
    ReadPort(boost::asio::ip::tcp::socket& socket, CallObserver* observer);

    /// One call of ::recv; a call that a signal interrupted is reported and made again. `into` is
    /// not empty.
    Received receive(std::span<char> into) override { return receive(into, nullptr); }

    /// The same; what was taken is given to `use` before the call is reported, so that what comes
    /// of these bytes can stand in the record before them. Null: to nothing.
    using Use = std::function<void(std::span<const char>)>;
    Received receive(std::span<char> into, const Use& use);

    std::uint64_t reads() const { return index_; }  ///< calls that took at least one byte
    std::uint64_t bytes() const { return bytes_; }

  private:
    CallObserver* observer_;
    std::uint64_t index_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace seamark::net
