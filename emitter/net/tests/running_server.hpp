// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/server/server.hpp"

namespace seamark::testing {

/// A server on a free loopback port, on a thread of its own, with each call of send() recorded and
/// its log kept. It uses Asio, since the server that it holds runs on an io_context. Stopped, and
/// cut where need be, by its destructor.
class RunningServer {
  public:
    explicit RunningServer(net::ServerSettings settings = {});
    ~RunningServer();  // NOLINT(bugprone-exception-escape): see there

    std::uint16_t port() const { return server_.endpoint().port(); }

    /// What the server sent on the connection from this client port, call by call. Waits up to 5 s
    /// until so many bytes are accounted for: a client can have them before the call is reported.
    std::vector<net::SendCall> calls(std::uint16_t client_port, std::uint64_t bytes);

    /// Waits up to 5 s for a log line that has all of `parts`; the line, or "" if none came.
    std::string log_line(const std::vector<std::string>& parts);

    /// Begins to stop.
    void stop();

    /// Holds the event loop for 100 ms, then runs `what` in it before it has seen what happened
    /// meanwhile: timers that expired and sockets that became ready can no longer be cancelled
    /// then.
    void behind_a_stall(std::function<void(net::Server&)> what);

    /// Waits up to 5 s until the server has ended by itself; false if it has not.
    bool ended();

  private:
    net::Log log_;
    boost::asio::io_context context_{1};
    net::Server server_;
    std::mutex mutex_;
    std::map<std::uint16_t, std::vector<net::SendCall>> calls_;
    std::vector<std::string> lines_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace seamark::testing
