// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "net/server/bounds.hpp"
#include "net/server/connection_options.hpp"
#include "net/server/emission.hpp"
#include "net/server/request_reader.hpp"
#include "net/server/route.hpp"
#include "net/socket/log.hpp"
#include "net/socket/read_port.hpp"
#include "net/socket/tls_line.hpp"
#include "net/socket/write_port.hpp"
#include "plan/response_head.hpp"

namespace seamark::net {

/// One connection, from accept to close: reads requests, answers them one after the other, and logs
/// each exchange and whatever ended one early. Owns the socket. All members are called on the event
/// loop's thread.
class Session {
  public:
    using Clock = std::chrono::steady_clock;

    /// Borrows all but the socket and the observer. `names` are asked for where the connection came
    /// in on a loopback address. With `tls`, which is borrowed, the peer is to speak that.
    Session(boost::asio::ip::tcp::socket socket, std::unique_ptr<CallObserver> observer,
            Resources& resources, const HostNames& names, Bounds& bounds, const Log& log,
            const TlsContext* tls = nullptr);

    /// Serves until the connection is closed. Called once; the session must outlive it.
    boost::asio::awaitable<void> run();

    /// Closes the connection as soon as no response is under way: now, or after that response.
    void stop();

    /// Ends a response that is under way, where it is, with a RST, so that the client cannot take
    /// what it got for the whole; and any other state at once. `reason` is for the log.
    void cut(const std::string& reason);

    /// Called every now and then: ends a wait for the peer that has lasted `limit` or longer.
    void sweep(Clock::time_point now, std::chrono::milliseconds limit);

  private:
    enum class Phase { reading, responding, closing };

    void enter(Phase phase);
    void stop_reading();
    void watch_peer(Clock::time_point now, std::chrono::milliseconds limit, bool progress);
    void leave(int error);
    boost::asio::awaitable<bool> exchange(const Request& request);
    std::variant<Page, Planned> answer(const Request& request, MemoryBudget::Share& share);
    boost::asio::awaitable<int> send_page(const Page& page, plan::HttpVersion http,
                                          plan::Persistence persistence, bool head_only);
    boost::asio::awaitable<EmissionEnd> send_emission(Planned& planned,
                                                      plan::Persistence persistence,
                                                      bool head_only);
    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> refuse(const ReadEnd& end);
    boost::asio::awaitable<void> close_gently();
    void close();
    void log_exchange(const std::string& what, Clock::time_point started);
    void log_early_end(const std::string& what, const EmissionEnd& end,
                       std::uint64_t planned) const;

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<CallObserver> observer_;
    Resources& resources_;
    Bounds& bounds_;
    const Log& log_;
    WritePort port_;
    ReadPort in_;
    std::unique_ptr<TlsLine> tls_;  ///< null: in clear
    Outlet& out_;                   ///< what responses are written to: TLS, or the port
    ConnectionOptions socket_options_;
    RequestReader reader_;
    std::string peer_;
    Cut cut_;
    bool stopping_ = false;
    bool timed_out_ = false;  ///< the wait for a request
    bool broken_ = false;     ///< a response was cut: the close must be a RST
    Phase phase_ = Phase::reading;
    Clock::time_point half_closed_since_;  ///< it and since then no write
    Clock::time_point since_;        ///< of the phase, or of the last progress that sweep() saw
    std::uint64_t swept_index_ = 0;  ///< next write index at the last sweep
};

/// "127.0.0.1:8080", "[::1]:8080".
std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

}  // namespace seamark::net
