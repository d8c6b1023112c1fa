// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/write_port.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
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

namespace {

/// What is left of the pieces, one after the other; returns how many. What does not fit stays in
/// one with the last: the bytes are all of one buffer.
std::size_t gather(const Outgoing& outgoing, std::span<iovec> into) {
    std::size_t count = 0;
    std::size_t begin = outgoing.taken;
    for (const std::size_t end : outgoing.ends) {
        if (end <= begin) continue;
        const std::size_t stop = count + 1 == into.size() ? outgoing.bytes.size() : end;
        // sendmsg() only reads them
        into[count++] = {const_cast<char*>(outgoing.bytes.data()) + begin, stop - begin};
        begin = stop;
    }
    return count;
}

ssize_t send_gathered(int socket, const Outgoing& outgoing, int flags) {
    std::array<iovec, UIO_MAXIOV> pieces;  // as many as the kernel takes
    msghdr message{};
    message.msg_iovlen = gather(outgoing, pieces);
    message.msg_iov = pieces.data();
    return ::sendmsg(socket, &message, flags);
}

}  // namespace

Outlet::Sent WritePort::send(const Outgoing& outgoing) {
    const auto bytes = outgoing.bytes.subspan(outgoing.taken);
    const bool gathered = !outgoing.ends.empty();
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (outgoing.more ? MSG_MORE : 0);
    const int socket = socket_.native_handle();
    for (;;) {
        SendCall call{.call = gathered ? Call::kSendmsg : Call::kSend,
                      .more = outgoing.more,
                      .requested = bytes.size()};
        call.times.entered = time_for(observer_);
        call.returned = gathered ? send_gathered(socket, outgoing, flags)
                                 : ::send(socket, bytes.data(), bytes.size(), flags);
        call.error = call.returned < 0 ? errno : 0;
        call.times.returned_at = time_for(observer_);

        const auto taken = call.returned > 0 ? static_cast<std::size_t>(call.returned) : 0;
        if (taken > 0) {
            call.index = count_write();
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

asio::awaitable<int> WritePort::room() {
    if (abandoned_) co_return ECANCELED;
    waiting_ = true;
    const auto [failure] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_write,
                                                       asio::as_tuple(asio::use_awaitable));
    waiting_ = false;
    co_return failure.value();
}

}  // namespace seamark::net
