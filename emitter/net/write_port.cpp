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

/// `call` is as it will be made; send(flags) makes it.
template <typename Send>
WritePort::Sent WritePort::make_calls(SendCall call, Send send) {
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (call.more ? MSG_MORE : 0);
    for (;;) {
        call.times.entered = time_for(observer_);
        call.returned = send(flags);
        call.error = call.returned < 0 ? errno : 0;
        call.times.returned_at = time_for(observer_);

        const auto taken = call.returned > 0 ? static_cast<std::size_t>(call.returned) : 0;
        if (taken > 0) {
            call.index = ++index_;
            if (tally_.writes++ == 0) tally_.first_index = call.index;
            tally_.bytes += taken;
            if (taken < call.requested && tally_.short_writes++ == 0) tally_.first_short = call;
        }
        if (observer_) observer_->on_send(call);
        if (call.error != EINTR) return {taken, call.error};
    }
}

WritePort::Sent WritePort::send(std::span<const char> bytes, bool more) {
    return make_calls({.requested = bytes.size(), .call = Call::kSend, .more = more},
                      [&](int flags) {
                          return ::send(socket_.native_handle(), bytes.data(), bytes.size(), flags);
                      });
}

WritePort::Sent WritePort::send_gathered(std::span<const char> bytes,
                                         std::span<const std::size_t> part_ends, bool more) {
    parts_.clear();
    std::size_t begin = 0;
    for (const std::size_t end : part_ends) {
        // The kernel only reads from there.
        parts_.push_back({const_cast<char*>(bytes.data() + begin), end - begin});
        begin = end;
    }
    msghdr message{};
    message.msg_iov = parts_.data();
    message.msg_iovlen = parts_.size();
    return make_calls(
        {.requested = bytes.size(), .call = Call::kSendmsg, .more = more},
        [&](int flags) { return ::sendmsg(socket_.native_handle(), &message, flags); });
}

void WritePort::abandon() {
    abandoned_ = true;  // the wait may be over already, and then there is nothing to cancel
    boost::system::error_code closed;  // then nothing waits either
    socket_.cancel(closed);
}

asio::awaitable<int> WritePort::send_all(std::span<const char> bytes, bool more) {
    while (!bytes.empty()) {
        const auto [taken, error] = send(bytes, more);
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
