// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/socket/read_port.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace seamark::net {

ReadPort::ReadPort(boost::asio::ip::tcp::socket& socket, CallObserver* observer)
    : Inlet(socket), observer_(observer) {
    socket_.native_non_blocking(true);
}

ReadPort::Received ReadPort::receive(std::span<char> into, const Use& use) {
    for (;;) {
        ReceiveCall call{.requested = into.size()};
        call.times.entered = time_for(observer_);
        call.returned = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
        call.error = call.returned < 0 ? errno : 0;
        call.times.returned_at = time_for(observer_);

        const auto taken = call.returned > 0 ? static_cast<std::size_t>(call.returned) : 0;
        if (taken > 0) call.index = ++index_;
        bytes_ += taken;
        if (taken > 0 && use) use({into.data(), taken});
        if (observer_) observer_->on_receive(call);
        if (call.error != EINTR) return {taken, call.error};
    }
}

}  // namespace seamark::net
