// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/server.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "plan/response_head.hpp"

namespace seamark::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr unsigned accepts_in_a_row = 64;

std::string describe(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

}  // namespace

Server::Server(asio::io_context& context, const tcp::endpoint& endpoint, ServerSettings settings,
               const Log& log)
    : context_(context),
      settings_(std::move(settings)),
      resources_(settings_.resources ? *settings_.resources : own_resources_),
      names_(settings_.host_names),
      bounds_{.turns = WorkTurns(context.get_executor()),
              .memory = MemoryBudget(settings_.max_memory)},
      log_(log),
      acceptor_(context, endpoint),
      endpoint_(acceptor_.local_endpoint()),
      grace_(context),
      sweep_(context) {}

void Server::start() {
    acceptor_.non_blocking(true);
    asio::co_spawn(context_, accept(), asio::detached);
    asio::co_spawn(context_, sweep(), asio::detached);
}

asio::awaitable<void> Server::accept() {
    while (!stopping_) {
        auto [error, socket] = co_await acceptor_.async_accept(token);
        if (stopping_) co_return;
        // All that wait: one at a time, the last would wait for as many turns of others' work.
        for (unsigned count = 1; !error; ++count) {
            refused_ = false;
            if (sessions_.size() >= settings_.max_connections) {
                turn_away(std::move(socket));
            } else {
                admit(std::move(socket));
            }
            if (count == accepts_in_a_row) break;
            socket = acceptor_.accept(error);
        }
        if (!error || error == asio::error::would_block ||
            error == asio::error::connection_aborted) {
            continue;
        }
        if (!std::exchange(refused_, true)) {
            log_.warn("cannot accept a connection: " + error.message() + " (" +
                      std::to_string(sessions_.size()) +
                      " are open); trying again five times a second");
        }
        asio::steady_timer rest(context_, std::chrono::milliseconds{200});
        co_await rest.async_wait(token);
    }
}

void Server::admit(tcp::socket socket) {
    std::shared_ptr<Session> session;
    try {
        auto observer = settings_.observe
                            ? settings_.observe(socket.local_endpoint(), socket.remote_endpoint())
                            : nullptr;
        session = std::make_shared<Session>(std::move(socket), std::move(observer), resources_,
                                            names_, bounds_, log_, settings_.tls);
    } catch (const boost::system::system_error& e) {
        log_.warn(std::string("a connection was gone before it was served: ") + e.what());
        return;
    }
    sessions_.insert(session);
    asio::co_spawn(context_, session->run(), [this, session](const std::exception_ptr& failure) {
        if (failure) log_.warn("a connection ended: " + describe(failure));
        forget(session);
    });
}

/// Says no in one write, without waiting for anything: the buffer of a new socket has room for it.
void Server::turn_away(tcp::socket socket) const {
    const std::string body = "This server has " + std::to_string(settings_.max_connections) +
                             " connections open, its limit (--max-connections).\n";
    const std::string bytes = plan::to_bytes({.status = 503,
                                              .content_length = body.size(),
                                              .retry_after = plan::retry_after,
                                              .persistence = plan::Persistence::close}) +
                              body;
    log_.warn("turned away a connection: " + std::to_string(settings_.max_connections) +
              " are open (--max-connections)");
    if (settings_.tls) return;  // an answer would take a handshake
    try {
        WritePort(socket, nullptr).send(bytes);
    } catch (const boost::system::system_error& e) {
        log_.warn(std::string("and could not answer so: ") + e.what());
    }
}

void Server::forget(const std::shared_ptr<Session>& session) {
    sessions_.erase(session);
    if (stopping_ && sessions_.empty()) finish();
}

/// One timer for all connections, so that the hot path reads no clock.
asio::awaitable<void> Server::sweep() {
    const auto period = std::clamp<std::chrono::milliseconds>(
        settings_.idle / 4, std::chrono::milliseconds{10}, std::chrono::milliseconds{1000});
    while (!finished_) {
        sweep_.expires_after(period);
        co_await sweep_.async_wait(token);
        const auto now = Session::Clock::now();
        for (const auto& session : sessions_) session->sweep(now, settings_.idle);
    }
}

void Server::stop(std::function<void()> done) {
    if (stopping_) return;
    stopping_ = true;
    done_ = std::move(done);
    acceptor_.close();
    for (const auto& session : sessions_) session->stop();
    if (sessions_.empty()) return finish();
    grace_.expires_after(settings_.grace);
    grace_.async_wait([this](const boost::system::error_code& error) {
        if (!error) cut("the server was stopped, and its time of grace is over");
    });
}

void Server::cut(const std::string& reason) {
    for (const auto& session : sessions_) session->cut(reason);
}

void Server::finish() {
    finished_ = true;
    grace_.cancel();
    sweep_.cancel();
    if (done_) done_();
}

}  // namespace seamark::net
