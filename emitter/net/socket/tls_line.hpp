// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "net/socket/inlet.hpp"
#include "net/socket/outlet.hpp"
#include "net/socket/read_port.hpp"
#include "net/socket/write_port.hpp"
#include "net/tls/tls_engine.hpp"

namespace seamark::net {

/// Writes into TLS. One send() is one write above the socket, which is encrypted at once, as a
/// whole, and leaves through the port: by one call, or as many as the socket takes it in. Those
/// have the port's indices, the writes above it have their own. Borrows both.
class TlsOutlet : public Outlet {
  public:
    TlsOutlet(WritePort& port, TlsEngine& engine) : port_(port), engine_(engine) {}

    /// Takes all or nothing: EAGAIN until the socket has taken all of it, EPROTO where the engine
    /// has failed or ended. `ends` says nothing here.
    Sent send(const Outgoing& outgoing) override;
    using Outlet::send;

    boost::asio::awaitable<int> room() override { return port_.room(); }

    std::uint64_t work(std::size_t bytes) const override;
    int native_handle() const override { return port_.native_handle(); }
    CallObserver* observer() const override { return port_.observer(); }

    /// Most bytes of plaintext in a record, from the next write on.
    void set_record(std::size_t bytes) { record_ = bytes; }

    /// Hands the socket what is encrypted. 0, or the errno (EAGAIN) that left some of it.
    int flush(bool more = false);

  private:
    WritePort& port_;
    TlsEngine& engine_;
    std::size_t record_ = largest_record;
    bool under_way_ = false;  ///< a write is encrypted, and the socket has not taken all of it
};

/// Reads out of TLS, and sends what reading makes it send: the handshake's part, an alert. Borrows
/// all of it.
class TlsInlet : public Inlet {
  public:
    TlsInlet(boost::asio::ip::tcp::socket& socket, ReadPort& port, TlsOutlet& out,
             TlsEngine& engine)
        : Inlet(socket), port_(port), out_(out), engine_(engine) {}

    /// Plaintext; the end where the peer has said so, and where its stream has ended without that
    /// (the engine knows which); EPROTO where the engine has failed.
    Received receive(std::span<char> into) override;
    Wait awaited() const override { return awaited_; }

    /// Waits until the handshake is done. 0, EPROTO (the engine knows why), ECONNABORTED where the
    /// peer's stream ended, or another errno.
    boost::asio::awaitable<int> shake_hands();

  private:
    int step();

    ReadPort& port_;
    TlsOutlet& out_;
    TlsEngine& engine_;
    Wait awaited_ = boost::asio::ip::tcp::socket::wait_read;
    std::uint64_t index_ = 0;
};

/// TLS on one connection.
struct TlsLine {
    TlsLine(boost::asio::ip::tcp::socket& socket, ReadPort& in_port, WritePort& out_port,
            const TlsContext& context, const std::string& host = {})
        : engine(context, host), out(out_port, engine), in(socket, in_port, out, engine) {}

    TlsEngine engine;
    TlsOutlet out;
    TlsInlet in;
};

}  // namespace seamark::net
