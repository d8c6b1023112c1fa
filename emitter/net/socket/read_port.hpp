// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "net/socket/call_observer.hpp"

namespace seamark::net {

/// The one way in: every byte that is read comes through receive(), in one non-blocking call of
/// ::recv that is counted and reported. One for each connection; borrows the socket and the
/// observer (which may be null, and costs nothing then).
class ReadPort {
  public:
    using executor_type = boost::asio::ip::tcp::socket::executor_type;

    /// Makes the socket non-blocking.
    ReadPort(boost::asio::ip::tcp::socket& socket, CallObserver* observer);

    struct Received {
        std::size_t taken;  ///< bytes; 0 with no error: the peer has ended its stream
        int error;          ///< errno (EAGAIN: nothing is there yet), else 0
    };

    /// One call of ::recv; a call that a signal interrupted is reported and made again. `into` is
    /// not empty.
    Received receive(std::span<char> into);

    std::uint64_t reads() const { return index_; }  ///< calls that took at least one byte
    std::uint64_t bytes() const { return bytes_; }

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
                    return socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                                              std::move(self));
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

  private:
    boost::asio::ip::tcp::socket& socket_;
    CallObserver* observer_;
    std::uint64_t index_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace seamark::net
