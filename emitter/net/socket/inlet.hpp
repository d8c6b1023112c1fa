// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>

namespace seamark::net {

/// Where requests are read from: a socket, or what stands above one. Borrows the socket.
class Inlet {
  public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;
    using Wait = boost::asio::ip::tcp::socket::wait_type;

    explicit Inlet(boost::asio::ip::tcp::socket& socket) : socket_(socket) {}
    virtual ~Inlet() = default;
    Inlet(const Inlet&) = delete;
    Inlet& operator=(const Inlet&) = delete;

    struct Received {
        std::size_t taken;  ///< bytes; 0 with no error: the peer has ended its stream
        int error;          ///< errno (EAGAIN: nothing is there yet, see awaited()), else 0
    };

    /// Takes what is there. `into` is not empty.
    virtual Received receive(std::span<char> into) = 0;

    /// What the socket is waited for after EAGAIN.
    virtual Wait awaited() const { return boost::asio::ip::tcp::socket::wait_read; }

    /// What Beast needs of a stream to read from. Takes what is there, waiting where nothing is;
    /// boost::asio::error::eof at the end.
    executor_type get_executor() { return socket_.get_executor(); }
    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        const auto first = boost::asio::buffer_sequence_begin(buffers);
        const boost::asio::mutable_buffer into = first == boost::asio::buffer_sequence_end(buffers)
                                                     ? boost::asio::mutable_buffer{}
                                                     : *first;
        return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            [this, into, begun = false, done = false, result = boost::system::error_code{},
             size = std::size_t{0}](auto& self,
                                    const boost::system::error_code& failure = {}) mutable {
                if (done) return self.complete(result, size);
                if (failure || (begun && into.size() == 0)) return self.complete(failure, 0);
                const auto [taken, error] =
                    into.size() == 0 ? Received{0, EAGAIN}
                                     : receive({static_cast<char*>(into.data()), into.size()});
                const bool initiating = !std::exchange(begun, true);
                if (error == EAGAIN || error == EWOULDBLOCK) {
                    return socket_.async_wait(awaited(), std::move(self));
                }
                result = {error, boost::system::system_category()};
                if (error == 0 && taken == 0) result = boost::asio::error::eof;
                size = taken;
                if (!initiating) return self.complete(result, size);
                // Who reads again from its handler would go deeper into the stack with each read
                // of what a peer has sent, until there is none left.
                done = true;
                boost::asio::post(socket_.get_executor(), std::move(self));
            },
            token, socket_);
    }

  protected:
    boost::asio::ip::tcp::socket& socket_;
};

}  // namespace seamark::net
