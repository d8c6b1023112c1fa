// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/write_port.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace seamark::net {

namespace asio = boost::asio;

WritePort::WritePort(asio::ip::tcp::socket& socket, CallObserver* observer)
    : socket_(socket), observer_(observer) {
    socket_.native_non_blocking(true);
}

WritePort::Sent WritePort::send(std::span<const char> bytes) {
    for (;;) {
        SendCall call{.requested = bytes.size()};
        call.times.entered = time_for(observer_);
        call.returned = ::send(socket_.native_handle(), bytes.data(), bytes.size(),
                               MSG_NOSIGNAL | MSG_DONTWAIT);
        call.error = call.returned < 0 ? errno : 0;
        call.times.returned_at = time_for(observer_);

        const auto taken = call.returned > 0 ? static_cast<std::size_t>(call.returned) : 0;
        if (taken > 0) {
            call.index = ++index_;
            if (tally_.writes++ == 0) tally_.first_index = call.index;
            tally_.bytes += taken;
            if (taken < bytes.size() && tally_.short_writes++ == 0) tally_.first_short = call;
        }
        if (observer_) observer_->on_send(call);
        if (call.error != EINTR) return {taken, call.error};
    }
}

void WritePort::abandon() {
    abandoned_ = true;  // the wait may be over already, and then there is nothing to cancel
    boost::system::error_code closed;  // then nothing waits either
    socket_.cancel(closed);
}

asio::awaitable<int> WritePort::send_all(std::span<const char> bytes) {
    while (!bytes.empty()) {
        const auto [taken, error] = send(bytes);
        bytes = bytes.subspan(taken);
        if (error == 0) continue;
        if (error != EAGAIN && error != EWOULDBLOCK) co_return error;

        if (abandoned_) co_return ECANCELED;
        waiting_ = true;
        const auto [failure] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_write,
                                                           asio::as_tuple(asio::use_awaitable));
        waiting_ = false;
        if (failure) co_return failure.value();
    }
    co_return 0;
}

}  // namespace seamark::net
