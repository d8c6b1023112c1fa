// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "net/server/bounds.hpp"
#include "net/server/session.hpp"
#include "net/socket/log.hpp"

namespace seamark::net {

/// Makes the observer of a connection that was just accepted; may return null.
using ObserverFactory = std::function<std::unique_ptr<CallObserver>(
    const boost::asio::ip::tcp::endpoint& local, const boost::asio::ip::tcp::endpoint& peer)>;

struct ServerSettings {
    std::chrono::milliseconds grace{5'000};  ///< how long stop() lets responses go on
    std::chrono::milliseconds idle{60'000};  ///< how long a peer may keep the server waiting
    std::size_t max_connections = 100;
    std::uint64_t max_memory = 128UL * 1024 * 1024;  ///< bytes; see MemoryBudget
    std::vector<std::string> host_names = {};        ///< --host-name, see HostNames
    ObserverFactory observe = {};                    ///< may be empty
    const TlsContext* tls = nullptr;  ///< what connections are to speak; null: none; borrowed
    Resources* resources = nullptr;   ///< null: no files and no plan; borrowed otherwise
};

/// Accepts connections and keeps their sessions. Runs on one thread, that of `context`; borrows it
/// and the log, and must outlive the run.
class Server {
  public:
    /// Listens at once. Throws boost::system::system_error.
    Server(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& endpoint,
           ServerSettings settings, const Log& log);

    /// Where it listens, with the real port.
    boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

    /// Begins to accept.
    void start();

    /// Accepts no more, closes idle connections, and gives responses in flight the time of grace;
    /// then cuts them. `done` is called when no connection is left. A second call does nothing.
    void stop(std::function<void()> done);

    /// Cuts what is left now.
    void cut(const std::string& reason);

  private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> sweep();
    void admit(boost::asio::ip::tcp::socket socket);
    void turn_away(boost::asio::ip::tcp::socket socket) const;
    void forget(const std::shared_ptr<Session>& session);
    void finish();

    boost::asio::io_context& context_;
    ServerSettings settings_;
    Resources own_resources_;
    Resources& resources_;
    HostNames names_;
    Bounds bounds_;
    const Log& log_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::endpoint endpoint_;
    boost::asio::steady_timer grace_;
    boost::asio::steady_timer sweep_;
    std::set<std::shared_ptr<Session>> sessions_;
    std::function<void()> done_;
    bool stopping_ = false;
    bool finished_ = false;
    bool refused_ = false;  ///< the last accept failed, and the log says so
};

}  // namespace seamark::net
